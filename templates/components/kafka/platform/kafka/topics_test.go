package kafka_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/components/kafka/platform/kafkatest"
)

func admin(t testing.TB, cfg kafka.Config) *kadm.Client {
	t.Helper()
	connection, err := kgo.NewClient(kgo.SeedBrokers(cfg.Brokers...))
	require.NoError(t, err)
	t.Cleanup(connection.Close)
	return kadm.NewClient(connection)
}

// exists reports whether a topic does, without creating it by the question.
func exists(t testing.TB, cfg kafka.Config, name string) bool {
	t.Helper()
	topics, err := admin(t, cfg).ListTopics(t.Context())
	require.NoError(t, err)
	return topics.Has(cfg.TopicPrefix + name)
}

func TestEnsureTopicsCreatesWhatIsMissing(t *testing.T) {
	t.Parallel()
	cfg := kafkatest.Config(t)
	client := open(t, cfg)
	topics := []kafka.Topic{
		{Name: "orders.order.v1", Partitions: 3, Retention: 7 * 24 * time.Hour},
		{Name: "orders.state.v1", Partitions: 1, Compact: true},
		{Name: "payments.payment.v1", Owner: "payments"},
	}
	states, err := client.EnsureTopics(t.Context(), topics)
	require.NoError(t, err)
	require.Equal(t, []kafka.TopicState{
		{Name: cfg.TopicPrefix + "orders.order.v1", Created: true},
		{Name: cfg.TopicPrefix + "orders.state.v1", Created: true},
		{Name: cfg.TopicPrefix + "payments.payment.v1", Missing: true},
	}, states)
	require.False(t, exists(t, cfg, "payments.payment.v1"), "its owner creates it")

	require.Equal(t, map[string]string{
		"cleanup.policy": "delete", "retention.ms": "604800000", "max.message.bytes": "1065536", "min.insync.replicas": "1",
	}, settings(t, cfg, "orders.order.v1"))
	require.Equal(t, "compact", settings(t, cfg, "orders.state.v1")["cleanup.policy"])
	require.Equal(t, "-1", settings(t, cfg, "orders.state.v1")["retention.ms"])

	again, err := open(t, cfg).EnsureTopics(t.Context(), topics[:2])
	require.NoError(t, err)
	for _, state := range again {
		require.Equal(t, kafka.TopicState{Name: state.Name}, state, "nothing is done the second time")
	}
}

func TestEnsureTopicsReportsWhatDiffersAndChangesNothing(t *testing.T) {
	t.Parallel()
	cfg := kafkatest.Config(t)
	kafkatest.Create(t, cfg, kafka.Topic{Name: "orders.order.v1", Partitions: 3, Retention: time.Hour})
	states, err := open(t, cfg).EnsureTopics(t.Context(), []kafka.Topic{{Name: "orders.order.v1", Partitions: 6, Retention: 2 * time.Hour}})
	require.NoError(t, err)
	require.Equal(t, []string{"partitions: 3, declared 6", "retention.ms: 3600000, declared 7200000"}, states[0].Differences)
	require.Equal(t, "3600000", settings(t, cfg, "orders.order.v1")["retention.ms"])
}

func TestEnsureTopicsRefusesNamesThatKafkaWould(t *testing.T) {
	t.Parallel()
	client := open(t, kafkatest.Config(t))
	_, err := client.EnsureTopics(t.Context(), []kafka.Topic{{Name: strings.Repeat("x", 240), Partitions: 1}})
	require.ErrorContains(t, err, "KAFKA_TOPIC_PREFIX")
}

// settings returns those of a topic that EnsureTopics decides. A broker may learn of a topic's settings a moment after the
// topic itself, so they are asked for until they are all there.
func settings(t testing.TB, cfg kafka.Config, name string) map[string]string {
	t.Helper()
	client := admin(t, cfg)
	all := map[string]string{}
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		described, err := client.DescribeTopicConfigs(context.Background(), cfg.TopicPrefix+name)
		require.NoError(t, err)
		require.NoError(t, described[0].Err)
		for _, c := range described[0].Configs {
			switch c.Key {
			case "cleanup.policy", "retention.ms", "max.message.bytes", "min.insync.replicas":
				all[c.Key] = c.MaybeValue()
			}
		}
		require.Len(t, all, 4)
	}, 10*time.Second, 50*time.Millisecond)
	return all
}
