package kafkatest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/components/kafka/platform/kafkatest"
	"create-service/templates/service/platform/testserver"
)

func TestMain(m *testing.M) { testserver.Main(m, kafkatest.Server()) }

// left returns the topics and groups with the prefix.
func left(t *testing.T, cfg kafka.Config) []string {
	t.Helper()
	connection, err := kgo.NewClient(kgo.SeedBrokers(cfg.Brokers...))
	require.NoError(t, err)
	defer connection.Close()
	admin := kadm.NewClient(connection)
	topics, err := admin.ListTopics(t.Context())
	require.NoError(t, err)
	groups, err := admin.ListGroups(t.Context())
	require.NoError(t, err)
	var found []string
	for _, name := range append(topics.Names(), groups.Groups()...) {
		if strings.HasPrefix(name, cfg.TopicPrefix) {
			found = append(found, strings.TrimPrefix(name, cfg.TopicPrefix))
		}
	}
	return found
}

func TestTopicsAndGroupsAreTheTestsOwn(t *testing.T) {
	t.Parallel()
	topic := kafka.Topic{Name: "t", Owner: "another"}
	event := kafka.Event{ID: "1", Source: "/test", Type: "type", Subject: "key"}
	var cfg kafka.Config
	t.Run("inner", func(t *testing.T) {
		cfg = kafkatest.Config(t)
		other := kafkatest.Config(t)
		kafkatest.Create(t, cfg, topic)
		kafkatest.Create(t, other, topic)
		kafkatest.Publish(t, cfg, "t", event)
		require.Equal(t, []kafka.Event{event}, kafkatest.Events(t, cfg, "t", 1))
		require.Equal(t, "key", string(kafkatest.Read(t, cfg, "t", 1)[0].Key))
		kafkatest.Publish(t, other, "t", event, event)
		require.Len(t, kafkatest.Read(t, other, "t", 2), 2)

		handled := make(chan struct{}, 1)
		consumer := kafkatest.Open(t, cfg, "service").NewConsumer(kafka.Subscription{
			Consumer: "c", Topic: "t", DeadLetters: "d",
			Handle: func(context.Context, kafka.Event) error {
				handled <- struct{}{}
				return nil
			},
		})
		ended := make(chan error, 1)
		go func() { ended <- consumer.Run(context.WithoutCancel(t.Context())) }()
		<-handled
		require.NoError(t, consumer.Shutdown(t.Context()))
		require.NoError(t, <-ended)
		require.ElementsMatch(t, []string{"t", "service.c"}, left(t, cfg))
	})
	// A broker says that a topic is deleted before its metadata no longer has it.
	require.Eventually(t, func() bool { return len(left(t, cfg)) == 0 }, 10*time.Second, 20*time.Millisecond, "after the test nothing is left")
}

func TestEnvironmentIsTheWayOfTheTest(t *testing.T) {
	t.Parallel()
	cfg := kafkatest.Config(t)
	require.Contains(t, kafkatest.Environment(cfg), "KAFKA_TOPIC_PREFIX="+cfg.TopicPrefix)
	require.NoError(t, kafkatest.Open(t, cfg, "service").Check(t.Context()))
}
