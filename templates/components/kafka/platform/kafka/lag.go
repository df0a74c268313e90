package kafka

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kerr"
)

// watchLag reports how far the group is behind, and how many dead letters wait, until the context ends. It asks the brokers rather than the fetches, so
// that it also tells of partitions that nobody reads.
func (k *Consumer) watchLag(ctx context.Context) {
	ticker := time.NewTicker(k.client.cfg.LagInterval)
	defer ticker.Stop()
	for {
		if err := k.reportLag(ctx); err != nil && ctx.Err() == nil {
			k.log.WarnContext(ctx, "the consumer's lag and dead letters are not known", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func (k *Consumer) reportLag(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, k.client.cfg.RequestTimeout)
	defer cancel()
	return errors.Join(
		k.report(ctx, k.measured.lag, k.group, k.topic),
		k.report(ctx, k.measured.unsettled, k.replayGroup(), k.deadLetters),
	)
}

func (k *Consumer) report(ctx context.Context, gauge prometheus.Gauge, group, topic string) error {
	lag, err := k.client.lag(ctx, group, topic)
	if err != nil {
		return err
	}
	gauge.Set(float64(lag))
	return nil
}

// lag returns how many records of the topic the group has not committed. Without a commit these are all that there are.
func (c *Client) lag(ctx context.Context, group, topic string) (int64, error) {
	places, err := c.places(ctx, group, topic)
	if err != nil {
		return 0, err
	}
	var lag int64
	for _, p := range places {
		lag += max(p.end-p.next, 0)
	}
	return lag, nil
}

// place is where a group is in a partition.
type place struct {
	// start is the offset of the oldest record, next that of the record that the group reads next, end that of the next
	// record to be written.
	start, next, end int64
}

// places returns where the group is in each partition of the topic.
func (c *Client) places(ctx context.Context, group, topic string) (map[int32]place, error) {
	starts, err := c.admin.ListStartOffsets(ctx, topic)
	if err == nil {
		err = starts.Error()
	}
	if errors.Is(err, kerr.UnknownTopicOrPartition) {
		return nil, fmt.Errorf("topic %s does not exist: its owner's topics command creates it: %w", topic, err)
	}
	if err != nil {
		return nil, fmt.Errorf("list the offsets of %s: %w", topic, err)
	}
	ends, err := c.admin.ListCommittedOffsets(ctx, topic)
	if err == nil {
		err = ends.Error()
	}
	if err != nil {
		return nil, fmt.Errorf("list the offsets of %s: %w", topic, err)
	}
	committed, err := c.admin.FetchOffsets(ctx, group)
	if err != nil && !errors.Is(err, kerr.GroupIDNotFound) {
		return nil, fmt.Errorf("read the offsets of group %s: %w", group, err)
	}
	places := map[int32]place{}
	for partition, end := range ends[topic] {
		start := starts[topic][partition].Offset
		p := place{start: start, next: start, end: end.Offset}
		if at, found := committed.Lookup(topic, partition); found && at.At > p.next {
			p.next = at.At
		}
		places[partition] = p
	}
	return places, nil
}
