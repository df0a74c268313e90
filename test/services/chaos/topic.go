package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// event is what matters of a CloudEvent.
type event struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Subject string `json:"subject"`
	Data    struct {
		Version int64 `json:"version,string"`
	} `json:"data"`
}

// ordersTopic is where orders tells what happens.
const ordersTopic = "orders.order.v1"

// events returns all of the topic, in the order in which each partition has them.
func (w *world) events(ctx context.Context) ([]event, error) {
	end, err := w.sent(ctx)
	if err != nil {
		return nil, err
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(w.brokers), kgo.ConsumeTopics(ordersTopic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		return nil, err
	}
	defer client.Close()
	var all []event
	for int64(len(all)) < end {
		fetches := client.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			return nil, fmt.Errorf("read %s: %w", ordersTopic, err)
		}
		for _, record := range fetches.Records() {
			var e event
			if err := json.Unmarshal(record.Value, &e); err != nil {
				return nil, fmt.Errorf("%s: %w: %s", ordersTopic, err, record.Value)
			}
			all = append(all, e)
		}
	}
	return all, nil
}

// sent is how many events the topic has.
func (w *world) sent(ctx context.Context) (int64, error) {
	return w.ask(func(admin *kadm.Client) (int64, error) {
		offsets, err := admin.ListEndOffsets(ctx, ordersTopic)
		return sumOf(offsets), err
	})
}

// lag is how many events consumers have before them.
func (w *world) lag(ctx context.Context) (int64, error) {
	return w.ask(func(admin *kadm.Client) (int64, error) {
		lags, err := admin.Lag(ctx)
		if err != nil {
			return 0, err
		}
		var sum int64
		for _, group := range lags {
			if err := group.Error(); err != nil {
				return 0, err
			}
			sum += group.Lag.Total()
		}
		return sum, nil
	})
}

// deadLetters counts the events that consumers gave up.
func (w *world) deadLetters(ctx context.Context) (int64, error) {
	return w.ask(func(admin *kadm.Client) (int64, error) {
		topics, err := admin.ListTopics(ctx)
		if err != nil {
			return 0, err
		}
		var sum int64
		for _, name := range topics.Names() {
			if !strings.HasSuffix(name, ".dlq") {
				continue
			}
			offsets, err := admin.ListEndOffsets(ctx, name)
			if err != nil {
				return 0, err
			}
			sum += sumOf(offsets)
		}
		return sum, nil
	})
}

func sumOf(offsets kadm.ListedOffsets) (sum int64) {
	offsets.Each(func(o kadm.ListedOffset) { sum += o.Offset })
	return sum
}

func (w *world) ask(question func(admin *kadm.Client) (int64, error)) (int64, error) {
	client, err := kgo.NewClient(kgo.SeedBrokers(w.brokers))
	if err != nil {
		return 0, err
	}
	defer client.Close()
	answer, err := question(kadm.NewClient(client))
	if err != nil {
		return 0, fmt.Errorf("ask Kafka: %w", err)
	}
	return answer, nil
}
