package kafka_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/components/kafka/platform/kafkatest"
)

// publishInTransaction writes events to a topic as a transactional producer does: the end of the transaction is one
// more record behind them.
func publishInTransaction(t *testing.T, cfg kafka.Config, topic string, end kgo.TransactionEndTry, events ...kafka.Event) {
	t.Helper()
	producer, err := kgo.NewClient(kgo.SeedBrokers(cfg.Brokers...), kgo.TransactionalID(cfg.TopicPrefix+"orders"))
	require.NoError(t, err)
	defer producer.Close()
	require.NoError(t, producer.BeginTransaction())
	for _, e := range events {
		value, err := json.Marshal(e)
		require.NoError(t, err)
		record := &kgo.Record{Topic: cfg.TopicPrefix + topic, Key: []byte(e.Subject), Value: value}
		require.NoError(t, producer.ProduceSync(t.Context(), record).FirstErr())
	}
	require.NoError(t, producer.EndTransaction(t.Context(), end))
}

func TestNothingIsBehindAfterATransaction(t *testing.T) {
	t.Parallel()
	ends := map[string]struct {
		end  kgo.TransactionEndTry
		want []string
	}{
		"committed": {kgo.TryCommit, []string{"o-1-1", "o-1-2"}},
		"aborted":   {kgo.TryAbort, []string{"o-1-1"}},
	}
	for name, tt := range ends {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := created(t, 1)
			kafkatest.Publish(t, cfg, topic, event("o-1", 1))
			publishInTransaction(t, cfg, topic, tt.end, event("o-1", 2))
			client := open(t, cfg)
			lag := func() float64 { return value(t, client.registry, "messaging_consumer_lag_records", "any") }
			var got seen
			stop := consume(t, client, got.handle)
			eventually(t, "all events", func() bool { return len(got.all()) == len(tt.want) })
			eventually(t, "nothing is behind", func() bool { return lag() == 0 })
			stop()
			require.Equal(t, tt.want, got.ids())
			require.InDelta(t, len(tt.want), value(t, client.registry, "messaging_process_duration_seconds", "any"), 0)
			require.Len(t, client.spans.Ended(), len(tt.want))
			require.InDelta(t, 0, value(t, client.registry, "messaging_consumer_dead_letters_total", "any"), 0)
		})
	}
}

func TestReplayPassesOverTheEndOfATransaction(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	publishInTransaction(t, cfg, deadLetters, kgo.TryCommit, event("o-1", 1), event("o-1", 2))
	var got seen
	done, err := open(t, cfg).Replay(t.Context(), subscription(got.handle), limits())
	require.NoError(t, err)
	require.Equal(t, kafka.Replayed{Handled: 2}, done)
	require.Equal(t, []string{"o-1-1", "o-1-2"}, got.ids())
}
