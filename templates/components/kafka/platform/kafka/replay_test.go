package kafka_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/components/kafka/platform/kafkatest"
	"create-service/templates/service/kernel/fault"
)

// buried returns the way to a server where the first count events of an aggregate are dead letters.
func buried(t *testing.T, count int) kafka.Config {
	t.Helper()
	cfg := created(t, 1)
	for n := range count {
		kafkatest.Publish(t, cfg, topic, event("o-1", n+1))
	}
	stop := consume(t, open(t, cfg), func(context.Context, kafka.Event) error {
		return fault.New(fault.WrongState, "not yet")
	})
	kafkatest.Read(t, cfg, deadLetters, count)
	stop()
	return cfg
}

func limits() kafka.ReplayLimits { return kafka.ReplayLimits{Idle: soon} }

func TestReplayHandsDeadLettersToTheHandler(t *testing.T) {
	t.Parallel()
	cfg := buried(t, 3)
	var got seen
	done, err := open(t, cfg).Replay(t.Context(), subscription(got.handle), limits())
	require.NoError(t, err)
	require.Equal(t, kafka.Replayed{Handled: 3}, done)
	require.Equal(t, []kafka.Event{event("o-1", 1), event("o-1", 2), event("o-1", 3)}, got.all())

	began := time.Now()
	done, err = open(t, cfg).Replay(t.Context(), subscription(got.handle), limits())
	require.NoError(t, err)
	require.Equal(t, kafka.Replayed{}, done)
	require.Less(t, time.Since(began), soon/2, "nobody waits when there is nothing")
}

func TestDeadLettersAreMeasuredAsTheyAreSent(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	kafkatest.Publish(t, cfg, topic, event("o-1", 1))
	client := open(t, cfg)
	consume(t, client, func(context.Context, kafka.Event) error { return fault.New(fault.WrongState, "not yet") })
	eventually(t, "one was sent", func() bool {
		return int(value(t, client.registry, "messaging_client_operation_duration_seconds", cfg.TopicPrefix+deadLetters)) == 1
	})
}

func TestDeadLettersWaitUntilTheyAreReplayed(t *testing.T) {
	t.Parallel()
	cfg := buried(t, 3)
	cfg.LagInterval = 50 * time.Millisecond
	client := open(t, cfg)
	consume(t, client, func(context.Context, kafka.Event) error { return nil })
	waiting := func() int { return int(value(t, client.registry, "messaging_consumer_dead_letters_waiting", "any")) }
	eventually(t, "all of them wait", func() bool { return waiting() == 3 })
	_, err := open(t, cfg).Replay(t.Context(), subscription(func(context.Context, kafka.Event) error { return nil }), limits())
	require.NoError(t, err)
	eventually(t, "none waits", func() bool { return waiting() == 0 })
}

func TestReplayDiscardsWhatItIsTold(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	kafkatest.Publish(t, cfg, topic, event("o-1", 1), event("o-1", 2))
	kafkatest.Write(t, cfg, &kgo.Record{Topic: cfg.TopicPrefix + topic, Value: []byte(secret)})
	kafkatest.Publish(t, cfg, topic, event("o-1", 3))
	stop := consume(t, open(t, cfg), func(context.Context, kafka.Event) error { return fault.New(fault.WrongState, "not yet") })
	kafkatest.Read(t, cfg, deadLetters, 4)
	stop()

	// That it fails again gives it another place among the dead letters.
	client := open(t, cfg)
	done, err := client.Replay(t.Context(), subscription(new(seen).handle), kafka.ReplayLimits{Idle: soon, Discard: []string{"o-1-1"}})
	require.NoError(t, err)
	require.Equal(t, kafka.Replayed{Handled: 2, Failed: 1, Discarded: 1}, done)
	for _, text := range []string{`"level":"WARN"`, "a dead letter is discarded", "o-1-1", "orders.order.created.v1", "not yet", `"dead_letter.origin":"0/2"`} {
		require.True(t, logged(client, text), text)
	}

	var got seen
	client = open(t, cfg)
	done, err = client.Replay(t.Context(), subscription(got.handle), kafka.ReplayLimits{Idle: soon, Discard: []string{"", "0/2"}})
	require.NoError(t, err)
	require.Equal(t, kafka.Replayed{Discarded: 1}, done)
	require.Empty(t, got.all())
	require.False(t, logged(client, secret))
	done, err = client.Replay(t.Context(), subscription(got.handle), limits())
	require.NoError(t, err)
	require.Equal(t, kafka.Replayed{}, done, "nothing waits any more")
}

func TestReplayDeletesWhatIsSettled(t *testing.T) {
	t.Parallel()
	cfg := buried(t, 3)
	few := limits()
	few.Count = 2
	client := open(t, cfg)
	_, err := client.Replay(t.Context(), subscription(new(seen).handle), few)
	require.NoError(t, err)
	left := kafkatest.Read(t, cfg, deadLetters, 1)
	require.EqualValues(t, 2, left[0].Offset)

	connection, err := kgo.NewClient(kgo.SeedBrokers(cfg.Brokers...))
	require.NoError(t, err)
	defer connection.Close()
	group := cfg.TopicPrefix + "shipping.order-created.replay"
	_, err = kadm.NewClient(connection).DeleteGroups(t.Context(), group)
	require.NoError(t, err, "as brokers do with a group that nobody was in for long")
	consume(t, client, new(seen).handle)
	eventually(t, "only the other waits", func() bool {
		return int(value(t, client.registry, "messaging_consumer_dead_letters_waiting", "any")) == 1
	})
	require.False(t, logged(client, "were not deleted"))
}

func TestReplayThatMayNotDeleteSaysWhatFollows(t *testing.T) {
	t.Parallel()
	cluster := own(t)
	cluster.ControlKey(int16(kmsg.DeleteRecords), func(request kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		response := request.ResponseKind().(*kmsg.DeleteRecordsResponse)
		for _, asked := range request.(*kmsg.DeleteRecordsRequest).Topics {
			refused := kmsg.NewDeleteRecordsResponseTopic()
			refused.Topic = asked.Topic
			for _, partition := range asked.Partitions {
				one := kmsg.NewDeleteRecordsResponseTopicPartition()
				one.Partition, one.ErrorCode = partition.Partition, kerr.TopicAuthorizationFailed.Code
				refused.Partitions = append(refused.Partitions, one)
			}
			response.Topics = append(response.Topics, refused)
		}
		return response, nil, true
	})
	cfg, err := load("KAFKA_BROKERS="+cluster.ListenAddrs()[0], "KAFKA_TOPIC_REPLICATION=1")
	require.NoError(t, err)
	kafkatest.Create(t, cfg, kafka.Topic{Name: deadLetters, Partitions: 1})
	kafkatest.Publish(t, cfg, deadLetters, event("o-1", 1))
	client := open(t, cfg)
	done, err := client.Replay(t.Context(), subscription(new(seen).handle), limits())
	require.NoError(t, err)
	require.Equal(t, kafka.Replayed{Handled: 1}, done)
	require.True(t, logged(client, "offsets.retention.minutes"))
	require.True(t, logged(client, "TOPIC_AUTHORIZATION_FAILED"))
}

func TestReplayPutsWhatFailsBehindTheOthers(t *testing.T) {
	t.Parallel()
	cfg := buried(t, 2)
	handler := func(_ context.Context, e kafka.Event) error {
		if e.Version == 1 {
			return fault.New(fault.NotFound, "there is no order")
		}
		return nil
	}
	first := headersOf(kafkatest.Read(t, cfg, deadLetters, 2)[0])
	for attempt, want := range []string{"2", "3"} {
		done, err := open(t, cfg).Replay(t.Context(), subscription(handler), limits())
		require.NoError(t, err)
		require.Equal(t, kafka.Replayed{Handled: 1 - attempt, Failed: 1}, done)
		again := kafkatest.Read(t, cfg, deadLetters, 1)[0]
		headers := headersOf(again)
		require.Equal(t, want, headers[kafka.HeaderAttempts])
		require.Equal(t, "not_found", headers[kafka.HeaderKind])
		require.Equal(t, "there is no order", headers[kafka.HeaderReason])
		for _, same := range []string{kafka.HeaderTopic, kafka.HeaderPartition, kafka.HeaderOffset, kafka.HeaderTimestamp} {
			require.Equal(t, first[same], headers[same], same)
		}
	}
}

func TestReplayStopsAtAnOutageAndGoesOnFromThere(t *testing.T) {
	t.Parallel()
	cfg := buried(t, 3)
	var got seen
	away := true
	handler := func(ctx context.Context, e kafka.Event) error {
		if away && e.Version == 2 {
			return fault.New(fault.Unavailable, "the database is away")
		}
		return got.handle(ctx, e)
	}
	done, err := open(t, cfg).Replay(t.Context(), subscription(handler), limits())
	require.ErrorContains(t, err, "the database is away")
	require.Equal(t, kafka.Replayed{Handled: 1}, done)
	away = false
	done, err = open(t, cfg).Replay(t.Context(), subscription(handler), limits())
	require.NoError(t, err)
	require.Equal(t, kafka.Replayed{Handled: 2}, done)
	require.Equal(t, []string{"o-1-1", "o-1-2", "o-1-3"}, got.ids())
}

func TestReplayIsBoundedByCountAndByIdleTime(t *testing.T) {
	t.Parallel()
	cfg := buried(t, 3)
	var got seen
	few := limits()
	few.Count = 2
	done, err := open(t, cfg).Replay(t.Context(), subscription(got.handle), few)
	require.NoError(t, err)
	require.Equal(t, kafka.Replayed{Handled: 2}, done)

	hurried := kafka.ReplayLimits{Idle: time.Nanosecond}
	done, err = open(t, cfg).Replay(t.Context(), subscription(got.handle), hurried)
	require.ErrorContains(t, err, "1 dead letters were not reached")
	require.Equal(t, kafka.Replayed{}, done)
}

func TestReplayThatGetsNoPartitionFails(t *testing.T) {
	t.Parallel()
	cfg := buried(t, 2)
	holder, err := kgo.NewClient(
		kgo.SeedBrokers(cfg.Brokers...),
		kgo.ConsumerGroup(cfg.TopicPrefix+"shipping.order-created.replay"),
		kgo.ConsumeTopics(cfg.TopicPrefix+deadLetters),
		kgo.Balancers(kgo.CooperativeStickyBalancer()),
		kgo.DisableAutoCommit(),
	)
	require.NoError(t, err)
	defer holder.Close()
	require.NotEmpty(t, holder.PollFetches(t.Context()).Records(), "another replay has the partition")

	var got seen
	done, err := open(t, cfg).Replay(t.Context(), subscription(got.handle), kafka.ReplayLimits{Idle: time.Second})
	require.ErrorContains(t, err, "2 dead letters were not reached")
	require.Equal(t, kafka.Replayed{}, done)
	require.Empty(t, got.all())
}

func TestReplayOfATopicThatDoesNotExist(t *testing.T) {
	t.Parallel()
	_, err := open(t, kafkatest.Config(t)).Replay(t.Context(), subscription(new(seen).handle), limits())
	require.ErrorContains(t, err, "does not exist")
}
