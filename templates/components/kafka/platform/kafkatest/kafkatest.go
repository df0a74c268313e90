// Package kafkatest gives each test topics and groups of its own, on a [Server] that package testserver found.
package kafkatest

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/otel/trace/noop"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/service/platform/config"
)

// adminTimeout bounds each step around a test, such as deleting its topics.
const adminTimeout = 30 * time.Second

// Config returns the way to the server, with the limits that a service has by default and short rests between tries.
// Topics and groups have a prefix of the test's own there, and are deleted when it ends.
func Config(tb testing.TB) kafka.Config {
	tb.Helper()
	cfg := ConfigOf(tb, []string{
		"KAFKA_BROKERS=" + Server().Address(tb),
		"KAFKA_TOPIC_PREFIX=test-" + strings.ToLower(rand.Text()[:16]) + ".",
		"KAFKA_TOPIC_REPLICATION=1",
		"KAFKA_RETRY_BACKOFF=20ms",
		"KAFKA_MAX_RETRY_BACKOFF=200ms",
	})
	tb.Cleanup(func() { sweep(tb, cfg) })
	return cfg
}

// Environment returns the KEY=value lines with which a service that is run as a process works with cfg.
func Environment(cfg kafka.Config) []string {
	return []string{
		"KAFKA_BROKERS=" + strings.Join(cfg.Brokers, ","),
		"KAFKA_TOPIC_PREFIX=" + cfg.TopicPrefix,
		"KAFKA_TOPIC_REPLICATION=" + strconv.Itoa(cfg.Replication),
		"KAFKA_RETRY_BACKOFF=" + cfg.RetryBackoff.String(),
		"KAFKA_MAX_RETRY_BACKOFF=" + cfg.MaxRetryBackoff.String(),
	}
}

// ConfigOf returns the way to the topics of a service that is run as a process in the given environment.
func ConfigOf(tb testing.TB, environ []string) kafka.Config {
	tb.Helper()
	var loaded struct{ Kafka kafka.Config }
	if err := config.Load(&loaded, environ); err != nil {
		tb.Fatalf("kafkatest: %v", err)
	}
	return loaded.Kafka
}

// Open returns a client for the named service, which logs nothing. It is closed when the test ends.
func Open(tb testing.TB, cfg kafka.Config, service string) *kafka.Client {
	tb.Helper()
	client, err := kafka.Open(tb.Context(), cfg, kafka.Deps{
		Service:  service,
		Registry: prometheus.NewRegistry(),
		Tracing:  noop.NewTracerProvider(),
		Log:      slog.New(slog.DiscardHandler),
	})
	if err != nil {
		tb.Fatalf("kafkatest: %v", err)
	}
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), adminTimeout)
		defer cancel()
		if err := client.Close(ctx); err != nil {
			tb.Errorf("kafkatest: close: %v", err)
		}
	})
	return client
}

// Create creates the topics of all owners.
func Create(tb testing.TB, cfg kafka.Config, topics ...kafka.Topic) {
	tb.Helper()
	if _, err := Open(tb, cfg, "kafkatest").EnsureTopics(tb.Context(), kafka.Adopted(topics)); err != nil {
		tb.Fatalf("kafkatest: %v", err)
	}
}

// Publish writes events as their owner would, keyed by their subject, and returns when they are there.
func Publish(tb testing.TB, cfg kafka.Config, topic string, events ...kafka.Event) {
	tb.Helper()
	records := make([]*kgo.Record, len(events))
	for i, e := range events {
		value, err := json.Marshal(e)
		if err != nil {
			tb.Fatalf("kafkatest: %v", err)
		}
		records[i] = &kgo.Record{Topic: cfg.TopicPrefix + topic, Key: []byte(e.Subject), Value: value}
	}
	Write(tb, cfg, records...)
}

// Write writes records whose topics are named as in the cluster.
func Write(tb testing.TB, cfg kafka.Config, records ...*kgo.Record) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), adminTimeout)
	defer cancel()
	connection := connect(tb, cfg, kgo.RequiredAcks(kgo.AllISRAcks()))
	defer connection.Close()
	if err := connection.ProduceSync(ctx, records...).FirstErr(); err != nil {
		tb.Fatalf("kafkatest: %v", err)
	}
}

// Read returns the first records of a topic, waiting until there are as many as count.
func Read(tb testing.TB, cfg kafka.Config, topic string, count int) []*kgo.Record {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), adminTimeout)
	defer cancel()
	connection := connect(tb, cfg,
		kgo.ConsumeTopics(cfg.TopicPrefix+topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchMaxWait(100*time.Millisecond))
	defer connection.Close()
	var records []*kgo.Record
	for len(records) < count {
		fetches := connection.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			tb.Fatalf("kafkatest: %d of %d records in %s: %v", len(records), count, topic, err)
		}
		records = append(records, fetches.Records()...)
	}
	return records
}

// Events returns the first events of a topic, waiting until there are as many as count.
func Events(tb testing.TB, cfg kafka.Config, topic string, count int) []kafka.Event {
	tb.Helper()
	records := Read(tb, cfg, topic, count)
	events := make([]kafka.Event, len(records))
	for i, r := range records {
		if err := json.Unmarshal(r.Value, &events[i]); err != nil {
			tb.Fatalf("kafkatest: record %d of %s: %v: %s", i, topic, err, r.Value)
		}
	}
	return events
}

func connect(tb testing.TB, cfg kafka.Config, options ...kgo.Opt) *kgo.Client {
	tb.Helper()
	connection, err := kgo.NewClient(append(options, kgo.SeedBrokers(cfg.Brokers...))...)
	if err != nil {
		tb.Fatalf("kafkatest: %v", err)
	}
	return connection
}

// sweep deletes what the test has left behind.
func sweep(tb testing.TB, cfg kafka.Config) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), adminTimeout)
	defer cancel()
	connection := connect(tb, cfg)
	defer connection.Close()
	admin := kadm.NewClient(connection)
	topics, err := admin.ListTopics(ctx)
	if err != nil {
		tb.Errorf("kafkatest: list the topics: %v", err)
		return
	}
	for _, topic := range topics.Names() {
		if strings.HasPrefix(topic, cfg.TopicPrefix) {
			_, _ = admin.DeleteTopics(ctx, topic)
		}
	}
	groups, err := admin.ListGroups(ctx)
	if err != nil {
		tb.Errorf("kafkatest: list the groups: %v", err)
		return
	}
	for _, group := range groups.Groups() {
		if strings.HasPrefix(group, cfg.TopicPrefix) {
			_, _ = admin.DeleteGroups(ctx, group)
		}
	}
}
