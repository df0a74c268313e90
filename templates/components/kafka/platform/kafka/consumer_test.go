package kafka_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kgo"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/components/kafka/platform/kafkatest"
)

func TestConsumerBeginsWithTheOldestRecord(t *testing.T) {
	t.Parallel()
	cfg := created(t, 2)
	kafkatest.Publish(t, cfg, topic, event("o-1", 1), event("o-1", 2))
	client := open(t, cfg)
	var got seen
	consume(t, client, got.handle)
	eventually(t, "both events", func() bool { return len(got.all()) == 2 })
	require.Equal(t, []kafka.Event{event("o-1", 1), event("o-1", 2)}, got.all())
	require.InDelta(t, 2, value(t, client.registry, "messaging_process_duration_seconds", "any"), 0)
	require.InDelta(t, time.Now().Unix(), value(t, client.registry, "messaging_consumer_last_success_timestamp_seconds", "any"), 60)
}

func TestConsumerKeepsTheOrderOfAKeyAndHandlesPartitionsBesideEachOther(t *testing.T) {
	t.Parallel()
	const keys, each = 12, 20
	cfg := created(t, 4)
	for n := range each {
		var events []kafka.Event
		for key := range keys {
			events = append(events, event(fmt.Sprint("o-", key), n))
		}
		kafkatest.Publish(t, cfg, topic, events...)
	}
	var got seen
	var now, most atomic.Int32
	consume(t, open(t, cfg), func(ctx context.Context, e kafka.Event) error {
		if together := now.Add(1); together > most.Load() {
			most.Store(together)
		}
		defer now.Add(-1)
		time.Sleep(time.Millisecond)
		return got.handle(ctx, e)
	})
	eventually(t, "all events", func() bool { return len(got.all()) == keys*each })
	next := map[string]int64{}
	for _, e := range got.all() {
		require.Equal(t, next[e.Subject], e.Version, "of %s", e.Subject)
		next[e.Subject]++
	}
	require.Greater(t, most.Load(), int32(1))
	require.LessOrEqual(t, most.Load(), int32(4))
}

func TestConcurrencyIsBounded(t *testing.T) {
	t.Parallel()
	cfg := created(t, 6)
	cfg.Concurrency = 2
	for key := range 30 {
		kafkatest.Publish(t, cfg, topic, event(fmt.Sprint("o-", key), 1))
	}
	var got seen
	var now, most atomic.Int32
	consume(t, open(t, cfg), func(ctx context.Context, e kafka.Event) error {
		if together := now.Add(1); together > most.Load() {
			most.Store(together)
		}
		defer now.Add(-1)
		time.Sleep(5 * time.Millisecond)
		return got.handle(ctx, e)
	})
	eventually(t, "all events", func() bool { return len(got.all()) == 30 })
	require.LessOrEqual(t, most.Load(), int32(2))
}

func TestRecordComesAgainAfterACrashBeforeTheCommit(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	kafkatest.Publish(t, cfg, topic, event("o-1", 1), event("o-1", 2))
	client := open(t, cfg)
	crashed, crash := context.WithCancel(t.Context())
	var first seen
	consumer := client.NewConsumer(subscription(func(ctx context.Context, e kafka.Event) error {
		if e.Version == 2 {
			crash()
			return ctx.Err()
		}
		return first.handle(ctx, e)
	}))
	require.ErrorIs(t, consumer.Run(crashed), context.Canceled)
	require.Equal(t, []string{"o-1-1"}, first.ids())

	var second seen
	consume(t, open(t, cfg), second.handle)
	eventually(t, "the event that was in hand", func() bool { return len(second.all()) > 0 })
	ids := second.ids()
	require.Equal(t, "o-1-2", ids[len(ids)-1])
}

func TestCommittedRecordDoesNotComeAgain(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	kafkatest.Publish(t, cfg, topic, event("o-1", 1))
	var first, second seen
	stop := consume(t, open(t, cfg), first.handle)
	eventually(t, "the first event", func() bool { return len(first.all()) == 1 })
	stop()
	kafkatest.Publish(t, cfg, topic, event("o-1", 2))
	consume(t, open(t, cfg), second.handle)
	eventually(t, "the second event", func() bool { return len(second.all()) > 0 })
	require.Equal(t, []string{"o-1-2"}, second.ids())
}

func TestMembersShareThePartitionsAndTakeOverFromEachOther(t *testing.T) {
	t.Parallel()
	const keys, rounds = 20, 10
	cfg := created(t, 4)
	var both seen
	var perMember [2]atomic.Int32
	handler := func(member int) kafka.Handler {
		return func(ctx context.Context, e kafka.Event) error {
			perMember[member].Add(1)
			return both.handle(ctx, e)
		}
	}
	stopFirst := consume(t, open(t, cfg), handler(0))
	publish := func(n int) {
		for key := range keys {
			kafkatest.Publish(t, cfg, topic, event(fmt.Sprint("o-", key), n))
		}
	}
	publish(0)
	eventually(t, "the first member works alone", func() bool { return perMember[0].Load() == keys })
	consume(t, open(t, cfg), handler(1))
	published := 1
	eventually(t, "the second member has partitions", func() bool {
		publish(published)
		published++
		return perMember[1].Load() > 0
	})

	left := time.Now()
	stopFirst()
	publish(published)
	published++
	eventually(t, "the second member has all partitions", func() bool { return len(unique(both.ids())) == keys*published })
	require.Less(t, time.Since(left), cfg.SessionTimeout/2, "it does not wait for the session's end")

	next := map[string]int64{}
	for _, e := range both.all() {
		require.LessOrEqual(t, e.Version, next[e.Subject], "of %s: an event was left out", e.Subject)
		next[e.Subject] = max(next[e.Subject], e.Version+1)
	}
}

func unique(ids []string) map[string]bool {
	all := map[string]bool{}
	for _, id := range ids {
		all[id] = true
	}
	return all
}

func TestShutdownFinishesWhatIsInHandAndCommitsIt(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	kafkatest.Publish(t, cfg, topic, event("o-1", 1), event("o-1", 2))
	began, finish := make(chan struct{}), make(chan struct{})
	var got seen
	client := open(t, cfg)
	consumer := client.NewConsumer(subscription(func(ctx context.Context, e kafka.Event) error {
		close(began)
		<-finish
		return got.handle(ctx, e)
	}))
	ended := make(chan error, 1)
	go func() { ended <- consumer.Run(context.WithoutCancel(t.Context())) }()
	<-began

	impatient, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, consumer.Shutdown(impatient), context.DeadlineExceeded)
	close(finish)
	require.NoError(t, consumer.Shutdown(t.Context()))
	require.NoError(t, <-ended)
	require.Equal(t, []string{"o-1-1"}, got.ids(), "the second record is left for others")

	var second seen
	consume(t, open(t, cfg), second.handle)
	eventually(t, "the rest", func() bool { return len(second.all()) > 0 })
	require.Equal(t, []string{"o-1-2"}, second.ids())
}

func TestShutdownOfAConsumerThatNeverRan(t *testing.T) {
	t.Parallel()
	require.NoError(t, open(t, created(t, 1)).NewConsumer(subscription(new(seen).handle)).Shutdown(t.Context()))
}

func TestSlowMemberLetsAnotherOneIn(t *testing.T) {
	t.Parallel()
	cfg := created(t, 2)
	for key := range 60 {
		kafkatest.Publish(t, cfg, topic, event(fmt.Sprint("o-", key), 1))
	}
	var slow atomic.Int32
	consume(t, open(t, cfg), func(context.Context, kafka.Event) error {
		slow.Add(1)
		time.Sleep(100 * time.Millisecond)
		return nil
	})
	eventually(t, "a batch in hand", func() bool { return slow.Load() > 0 })
	var other seen
	consume(t, open(t, cfg), other.handle)
	eventually(t, "the other member has a partition", func() bool { return len(other.all()) > 0 })
	require.Less(t, slow.Load(), int32(50), "it gave a partition up before its batch was done")
}

func TestLagIsReported(t *testing.T) {
	t.Parallel()
	cfg := created(t, 2)
	for key := range 10 {
		kafkatest.Publish(t, cfg, topic, event(fmt.Sprint("o-", key), 1))
	}
	client := open(t, cfg)
	var open sync.Once
	gate := make(chan struct{})
	defer open.Do(func() { close(gate) })
	consume(t, client, func(context.Context, kafka.Event) error {
		<-gate
		return nil
	})
	lag := func() float64 { return value(t, client.registry, "messaging_consumer_lag_records", "any") }
	eventually(t, "a lag of all records", func() bool { return int(lag()) == 10 })
	open.Do(func() { close(gate) })
	eventually(t, "no lag", func() bool { return int(lag()) == 0 })
}

func TestConsumerWaitsForItsTopicAndDoesNotCreateIt(t *testing.T) {
	t.Parallel()
	cfg := kafkatest.Config(t)
	cfg.LagInterval = 100 * time.Millisecond
	client := open(t, cfg)
	var got seen
	consume(t, client, got.handle)
	eventually(t, "a word about the topic", func() bool { return logged(client, "does not exist") })
	require.False(t, exists(t, cfg, topic))
	kafkatest.Create(t, cfg, kafka.Topic{Name: topic, Partitions: 1})
	kafkatest.Publish(t, cfg, topic, event("o-1", 1))
	eventually(t, "the event", func() bool { return len(got.all()) == 1 })
}

func TestRecordsOfAbortedTransactionsAreNotRead(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	connection, err := kgo.NewClient(kgo.SeedBrokers(cfg.Brokers...), kgo.TransactionalID(cfg.TopicPrefix+"tx"))
	require.NoError(t, err)
	defer connection.Close()
	write := func(e kafka.Event, end kgo.TransactionEndTry) {
		require.NoError(t, connection.BeginTransaction())
		value, err := e.MarshalJSON()
		require.NoError(t, err)
		require.NoError(t, connection.ProduceSync(t.Context(), &kgo.Record{Topic: cfg.TopicPrefix + topic, Value: value}).FirstErr())
		require.NoError(t, connection.EndTransaction(t.Context(), end))
	}
	write(event("o-1", 1), kgo.TryAbort)
	write(event("o-1", 2), kgo.TryCommit)
	var got seen
	consume(t, open(t, cfg), got.handle)
	eventually(t, "the committed event", func() bool { return len(got.all()) > 0 })
	require.Equal(t, []string{"o-1-2"}, got.ids())
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()
	client := open(t, created(t, 1))
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(100*time.Millisecond, func() { cancel(errors.New("enough")) })
	require.ErrorIs(t, client.NewConsumer(subscription(new(seen).handle)).Run(ctx), context.Canceled)
}
