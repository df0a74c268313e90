package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/components/kafka/platform/kafkatest"
	"create-service/templates/service/kernel/fault"
)

// secret is personal data that errors may hold by mistake.
const secret = "jane.doe@example.com"

func logged(client *reported, text string) bool { return strings.Contains(client.log.String(), text) }

// headersOf returns a record's headers by name.
func headersOf(r *kgo.Record) map[string]string {
	all := map[string]string{}
	for _, h := range r.Headers {
		all[h.Key] = string(h.Value)
	}
	return all
}

func TestRefusedEventIsADeadLetterAtOnce(t *testing.T) {
	t.Parallel()
	kinds := map[string]fault.Kind{
		"malformed": fault.Malformed, "invalid": fault.Invalid, "not_found": fault.NotFound, "exists": fault.Exists,
		"wrong_state": fault.WrongState, "stale": fault.Stale, "version_required": fault.VersionRequired,
		"reused": fault.Reused, "too_large": fault.TooLarge, "unsupported": fault.Unsupported,
	}
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := created(t, 1)
			kafkatest.Publish(t, cfg, topic, event("o-1", 1), event("o-1", 2))
			client := open(t, cfg)
			var got seen
			consume(t, client, func(ctx context.Context, e kafka.Event) error {
				if e.Version == 1 {
					return fmt.Errorf("ship %s: %w", secret, fault.New(kind, "it cannot be shipped"))
				}
				return got.handle(ctx, e)
			})
			eventually(t, "the next event", func() bool { return len(got.all()) == 1 })
			headers := headersOf(kafkatest.Read(t, cfg, deadLetters, 1)[0])
			require.Equal(t, name, headers[kafka.HeaderKind])
			require.Equal(t, "it cannot be shipped", headers[kafka.HeaderReason])
			require.Equal(t, "1", headers[kafka.HeaderAttempts])
			require.InDelta(t, 1, value(t, client.registry, "messaging_consumer_dead_letters_total", name), 0)
		})
	}
}

func TestDeadLetterIsTheRecordWithTheReasonInItsHeaders(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	record := &kgo.Record{
		Topic: cfg.TopicPrefix + topic, Key: []byte("o-1"), Value: []byte(`{"specversion":"1.0","id":"1","source":"/a","type":"t","data":{}}`),
		Headers: []kgo.RecordHeader{
			{Key: "content-type", Value: []byte("application/cloudevents+json")},
			{Key: "traceparent", Value: []byte(traceParent)},
		},
		Timestamp: time.Now().Add(-time.Minute).Truncate(time.Millisecond),
	}
	kafkatest.Write(t, cfg, record)
	client := open(t, cfg)
	consume(t, client, func(context.Context, kafka.Event) error {
		return fault.Field(fault.Invalid, "total", "min", "must be at least 0")
	})
	dead := kafkatest.Read(t, cfg, deadLetters, 1)[0]
	require.Equal(t, record.Key, dead.Key)
	require.Equal(t, record.Value, dead.Value)
	headers := headersOf(dead)
	buried, err := time.Parse(time.RFC3339Nano, headers[kafka.HeaderTime])
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), buried, time.Minute)
	delete(headers, kafka.HeaderTime)
	require.Equal(t, map[string]string{
		"content-type":        "application/cloudevents+json",
		"traceparent":         traceParent,
		kafka.HeaderReason:    "total must be at least 0: total must be at least 0",
		kafka.HeaderKind:      "invalid",
		kafka.HeaderAttempts:  "1",
		kafka.HeaderConsumer:  cfg.TopicPrefix + "shipping.order-created",
		kafka.HeaderTopic:     record.Topic,
		kafka.HeaderPartition: "0",
		kafka.HeaderOffset:    "0",
		kafka.HeaderTimestamp: record.Timestamp.UTC().Format(time.RFC3339Nano),
	}, headers)
}

func TestWhatIsNoEventIsADeadLetter(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	for _, text := range []string{"", secret, "{}", `{"specversion":"1.0"}`} {
		kafkatest.Write(t, cfg, &kgo.Record{Topic: cfg.TopicPrefix + topic, Value: []byte(text)})
	}
	client := open(t, cfg)
	consume(t, client, func(context.Context, kafka.Event) error { return errors.New("nobody calls this") })
	for _, dead := range kafkatest.Read(t, cfg, deadLetters, 4) {
		headers := headersOf(dead)
		require.Equal(t, "no_event", headers[kafka.HeaderKind])
		require.NotContains(t, headers[kafka.HeaderReason], secret)
	}
	require.False(t, logged(client, secret))
}

func TestUnknownErrorIsTriedSeveralTimes(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	cfg.HandlerRetries = 3
	kafkatest.Publish(t, cfg, topic, event("o-1", 1), event("o-1", 2))
	var tries atomic.Int32
	var got seen
	client := open(t, cfg)
	consume(t, client, func(ctx context.Context, e kafka.Event) error {
		if e.Version == 1 {
			tries.Add(1)
			return errors.New("oops: " + secret)
		}
		return got.handle(ctx, e)
	})
	eventually(t, "the next event", func() bool { return len(got.all()) == 1 })
	require.EqualValues(t, 4, tries.Load())
	headers := headersOf(kafkatest.Read(t, cfg, deadLetters, 1)[0])
	require.Equal(t, "unknown", headers[kafka.HeaderKind])
	require.Equal(t, "4", headers[kafka.HeaderAttempts])
	require.NotContains(t, headers[kafka.HeaderReason], secret)
	require.InDelta(t, 3, value(t, client.registry, "messaging_consumer_retries_total", "any"), 0)
}

func TestErrorThatPassesIsForgotten(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	cfg.HandlerRetries = 1
	kafkatest.Publish(t, cfg, topic, event("o-1", 1), event("o-1", 2), event("o-1", 3))
	failed := map[string]bool{}
	var got seen
	consume(t, open(t, cfg), func(ctx context.Context, e kafka.Event) error {
		if !failed[e.ID] {
			failed[e.ID] = true
			return errors.New("the first time")
		}
		return got.handle(ctx, e)
	})
	eventually(t, "all events", func() bool { return len(got.all()) == 3 })
	require.Equal(t, []string{"o-1-1", "o-1-2", "o-1-3"}, got.ids())
}

func TestPanicIsAnError(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	cfg.HandlerRetries = 0
	kafkatest.Publish(t, cfg, topic, event("o-1", 1))
	client := open(t, cfg)
	consume(t, client, func(context.Context, kafka.Event) error { panic(secret) })
	headers := headersOf(kafkatest.Read(t, cfg, deadLetters, 1)[0])
	require.Equal(t, "panic", headers[kafka.HeaderKind])
	require.NotContains(t, headers[kafka.HeaderReason], secret)
	eventually(t, "the stack in the log", func() bool { return logged(client, "failure_test.go") })
}

func TestOutageHoldsThePartitionBackForAsLongAsItLasts(t *testing.T) {
	t.Parallel()
	tests := map[string]error{
		"unavailable": fault.New(fault.Unavailable, "the database is away"),
		"a deadline":  fmt.Errorf("query: %w", context.DeadlineExceeded),
	}
	for name, outage := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := created(t, 2)
			cfg.HandlerRetries = 1
			sick, well := keysOfTwoPartitions(t, cfg)
			kafkatest.Publish(t, cfg, topic, event(sick, 1), event(sick, 2), event(well, 1))
			var tries atomic.Int32
			var healthy atomic.Bool
			var got seen
			client := open(t, cfg)
			consume(t, client, func(ctx context.Context, e kafka.Event) error {
				if e.Subject == sick && !healthy.Load() {
					tries.Add(1)
					return outage
				}
				return got.handle(ctx, e)
			})
			eventually(t, "many tries", func() bool { return tries.Load() > 5 })
			eventually(t, "the other partition", func() bool { return len(got.all()) == 1 })
			require.InDelta(t, 1, value(t, client.registry, "messaging_consumer_waiting_partitions", "any"), 0)

			healthy.Store(true)
			eventually(t, "the rest", func() bool { return len(got.all()) == 3 })
			require.Equal(t, []string{well + "-1", sick + "-1", sick + "-2"}, got.ids())
			require.InDelta(t, 0, value(t, client.registry, "messaging_consumer_dead_letters_total", "any"), 0)
			kafkatest.Publish(t, cfg, topic, event(sick, 3))
			eventually(t, "the partition is read again", func() bool { return len(got.all()) == 4 })
		})
	}
}

// keysOfTwoPartitions returns two keys that lie in different partitions.
func keysOfTwoPartitions(t *testing.T, cfg kafka.Config) (first, second string) {
	t.Helper()
	const probe = "probe"
	kafkatest.Create(t, cfg, kafka.Topic{Name: probe, Partitions: 2})
	for n := range 20 {
		kafkatest.Publish(t, cfg, probe, event(fmt.Sprint("o-", n), 1))
	}
	keys := map[int32]string{}
	for _, r := range kafkatest.Read(t, cfg, probe, 20) {
		keys[r.Partition] = string(r.Key)
	}
	require.Len(t, keys, 2)
	return keys[0], keys[1]
}

func TestHandlerHasALimit(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	cfg.HandlerTimeout = 100 * time.Millisecond
	kafkatest.Publish(t, cfg, topic, event("o-1", 1))
	var tries atomic.Int32
	var got seen
	consume(t, open(t, cfg), func(ctx context.Context, e kafka.Event) error {
		if tries.Add(1) == 1 {
			<-ctx.Done()
			return ctx.Err()
		}
		return got.handle(ctx, e)
	})
	eventually(t, "the second try", func() bool { return len(got.all()) == 1 })
}

func TestRecordIsKeptWhileTheDeadLetterTopicDoesNotTakeIt(t *testing.T) {
	t.Parallel()
	cfg := kafkatest.Config(t)
	cfg.DeliveryTimeout = time.Second
	kafkatest.Create(t, cfg, kafka.Topic{Name: topic, Partitions: 1})
	kafkatest.Publish(t, cfg, topic, event("o-1", 1), event("o-1", 2))
	var got seen
	client := open(t, cfg)
	consume(t, client, func(ctx context.Context, e kafka.Event) error {
		if e.Version == 1 {
			return fault.New(fault.Invalid, "no")
		}
		return got.handle(ctx, e)
	})
	eventually(t, "a word about the topic", func() bool { return logged(client, "the dead-letter topic did not take the record") })
	require.Empty(t, got.all())
	require.False(t, exists(t, cfg, deadLetters))
	kafkatest.Create(t, cfg, kafka.Topic{Name: deadLetters, Partitions: 1})
	eventually(t, "the next event", func() bool { return len(got.all()) == 1 })
	require.Len(t, kafkatest.Read(t, cfg, deadLetters, 1), 1)
}
