package mysqloutbox_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/components/mysql+outbox/platform/mysqloutbox"
	"create-service/templates/components/mysql/platform/mysqldb"
	"create-service/templates/components/mysql/platform/mysqltest"
	"create-service/templates/components/outbox/platform/relay"
	"create-service/templates/service/kernel/message"
	"create-service/templates/service/platform/testserver"
)

func TestMain(m *testing.M) { testserver.Main(m, mysqltest.Server()) }

func open(t testing.TB) *mysqldb.DB {
	t.Helper()
	steps := fstest.MapFS{}
	for name, path := range map[string]string{
		"00001_create_once_keys.sql": "../../../mysql/files/migrations/00001_create_once_keys.sql",
		"00002_create_outbox.sql":    "../../files/migrations/__service.outboxMigration___create_outbox.sql",
	} {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		steps[name] = &fstest.MapFile{Data: text}
	}
	return mysqltest.Open(t, steps)
}

func event(key string, version int64) message.Message {
	return message.Message{
		ID: uuid.New(), Kind: message.Event, Type: "orders.order.created.v1", Topic: "orders.order.v1", Key: key, Version: version,
		Time: time.Date(2026, 5, 4, 3, 2, 1, 123456000, time.UTC), Data: map[string]int64{"version": version},
	}
}

func send(t testing.TB, db *mysqldb.DB, messages ...message.Message) {
	t.Helper()
	require.NoError(t, db.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		return mysqldb.Send(ctx, tx, messages...)
	}))
}

func pending(t testing.TB, source *mysqloutbox.Source, limit int) []relay.Outgoing {
	t.Helper()
	found, err := source.Pending(t.Context(), limit)
	require.NoError(t, err)
	return found
}

func versions(messages []relay.Outgoing) string {
	var all []string
	for _, m := range messages {
		all = append(all, m.Key+strconv.FormatInt(m.Version, 10))
	}
	return strings.Join(all, " ")
}

func TestMessageComesOutAsItWentIn(t *testing.T) {
	t.Parallel()
	db := open(t)
	ctx, span := sdktrace.NewTracerProvider().Tracer("test").Start(t.Context(), "request")
	defer span.End()
	want := event("a", 7)
	require.NoError(t, db.Transact(ctx, func(ctx context.Context, tx *sql.Tx) error { return mysqldb.Send(ctx, tx, want) }))
	got := pending(t, mysqloutbox.New(db, message.Event), 10)
	require.Len(t, got, 1)
	require.WithinDuration(t, time.Now(), got[0].CommittedAt, time.Minute)
	traceID := trace.SpanContextFromContext(ctx).TraceID().String()
	require.Contains(t, got[0].Trace["traceparent"], traceID)
	got[0].CommittedAt, got[0].Trace, got[0].Place = time.Time{}, nil, nil
	if diff := cmp.Diff([]relay.Outgoing{{
		ID: want.ID, Kind: message.Event, Type: want.Type, Topic: want.Topic, Key: "a", Version: 7, Time: want.Time, Data: []byte(`{"version":7}`),
	}}, got); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}

func TestRolledBackMessageWasNeverThere(t *testing.T) {
	t.Parallel()
	db := open(t)
	refusal := errors.New("refused")
	err := db.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		return errors.Join(mysqldb.Send(ctx, tx, event("a", 1)), refusal)
	})
	require.ErrorIs(t, err, refusal)
	require.Empty(t, pending(t, mysqloutbox.New(db, message.Event), 10))
}

func TestOnceSendsItsMessagesOnce(t *testing.T) {
	t.Parallel()
	db := open(t)
	unit := message.Unit{Once: "key", Messages: []message.Message{event("a", 1), {ID: uuid.New(), Kind: message.Task, Type: "t", Topic: "default"}}}
	for range 2 {
		_, err := mysqldb.Once(t.Context(), db, unit, func(context.Context, *sql.Tx) (int, error) { return 1, nil })
		require.NoError(t, err)
	}
	require.Equal(t, "a1", versions(pending(t, mysqloutbox.New(db, message.Event), 10)))
	require.Len(t, pending(t, mysqloutbox.New(db, message.Task), 10), 1)
}

func TestSentMessagesAreGoneAndSweptLater(t *testing.T) {
	t.Parallel()
	db := open(t)
	source := mysqloutbox.New(db, message.Event)
	send(t, db, event("a", 1), event("a", 2), event("b", 3))
	first := pending(t, source, 2)
	require.Equal(t, "a1 a2", versions(first))
	require.NoError(t, source.Sent(t.Context(), first))
	require.NoError(t, source.Sent(t.Context(), nil))
	require.Equal(t, "b3", versions(pending(t, source, 10)))

	deleted, err := source.Sweep(t.Context(), time.Minute)
	require.NoError(t, err)
	require.Zero(t, deleted)
	_, err = db.ExecContext(t.Context(), "UPDATE `outbox` SET `sent_at` = `sent_at` - INTERVAL 2 MINUTE WHERE `version` = 1")
	require.NoError(t, err)
	deleted, err = source.Sweep(t.Context(), time.Minute)
	require.NoError(t, err)
	require.EqualValues(t, 1, deleted)
	require.Equal(t, "b3", versions(pending(t, source, 10)))
}

func TestParkedMessageHoldsBackItsKey(t *testing.T) {
	t.Parallel()
	db := open(t)
	source := mysqloutbox.New(db, message.Event)
	send(t, db, event("a", 1), event("b", 1), event("a", 2))
	require.NoError(t, source.Park(t.Context(), pending(t, source, 1)[0], strings.Repeat("ä", 2000)+"\xff"))
	send(t, db, event("a", 3), event("b", 2))
	require.Equal(t, "b1 b2", versions(pending(t, source, 10)))
	backlog, err := source.Backlog(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, backlog.Parked)
	require.Equal(t, 4, backlog.Waiting)
	require.WithinDuration(t, time.Now(), backlog.Oldest, time.Minute)
	require.NoError(t, source.Sent(t.Context(), pending(t, source, 10)))
	backlog, err = source.Backlog(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, backlog.Waiting)
	require.Zero(t, backlog.Oldest, "what is behind a parked message does not wait for its receiver")

	released, err := source.Unpark(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, released)
	require.Equal(t, "a1 a2 a3", versions(pending(t, source, 10)))
}

func TestBacklogOfNothing(t *testing.T) {
	t.Parallel()
	backlog, err := mysqloutbox.New(open(t), message.Task).Backlog(t.Context())
	require.NoError(t, err)
	require.Zero(t, backlog)
}

func TestLeaseHasOneHolder(t *testing.T) {
	t.Parallel()
	db := open(t)
	events, tasks := mysqloutbox.New(db, message.Event), mysqloutbox.New(db, message.Task)
	one, other := uuid.New(), uuid.New()
	lease := func(source *mysqloutbox.Source, holder uuid.UUID, term time.Duration) bool {
		leads, err := source.Lease(t.Context(), holder, term)
		require.NoError(t, err)
		return leads
	}
	require.True(t, lease(events, one, time.Minute))
	require.True(t, lease(events, one, time.Minute), "it can be renewed")
	require.False(t, lease(events, other, time.Minute))
	require.True(t, lease(tasks, other, time.Minute), "each kind has a lease of its own")
	require.NoError(t, events.Release(t.Context(), other))
	require.False(t, lease(events, other, time.Minute), "nobody releases another's lease")
	require.NoError(t, events.Release(t.Context(), one))
	require.True(t, lease(events, other, 50*time.Millisecond))
	require.Eventually(t, func() bool { return lease(events, one, time.Minute) }, 5*time.Second, 10*time.Millisecond, "a lease ends by itself")
}

// log is a sender that remembers what it got.
type log struct {
	mu   sync.Mutex
	got  []relay.Outgoing
	seen map[uuid.UUID]int
}

func (l *log) Send(_ context.Context, messages []relay.Outgoing) []error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range messages {
		l.got = append(l.got, m)
		l.seen[m.ID]++
	}
	return make([]error, len(messages))
}

// Several producers write while several relays run, one of which is stopped every now and then: everything arrives, and
// what arrives first is in order.
func TestRelaysLoseNothing(t *testing.T) {
	t.Parallel()
	db := open(t)
	to := &log{seen: map[uuid.UUID]int{}}
	cfg := relay.Config{Poll: 5 * time.Millisecond, Batch: 20, SendTimeout: 100 * time.Millisecond, Lease: 300 * time.Millisecond, Backoff: 50 * time.Millisecond, Retention: time.Hour}
	stop := make(chan struct{})
	var relays, producers sync.WaitGroup
	for range 3 {
		relays.Go(func() { runUntil(t, db, cfg, to, stop) })
	}
	const keys, each = 4, 50
	for key := range keys {
		producers.Go(func() {
			for version := range each {
				send(t, db, event("key"+strconv.Itoa(key)+"/", int64(version)))
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	producers.Wait()
	arrived := func() bool { to.mu.Lock(); defer to.mu.Unlock(); return len(to.seen) == keys*each }
	require.Eventually(t, arrived, 30*time.Second, 10*time.Millisecond)
	close(stop)
	relays.Wait()
	last := map[string]int64{}
	first := map[uuid.UUID]bool{}
	for _, m := range to.got {
		if first[m.ID] {
			continue
		}
		first[m.ID] = true
		require.GreaterOrEqual(t, m.Version, last[m.Key], "%s is out of order", m.Key)
		last[m.Key] = m.Version
	}
}

// runUntil runs one relay after another, each for a short time.
func runUntil(t *testing.T, db *mysqldb.DB, cfg relay.Config, to relay.Sender, stop <-chan struct{}) {
	t.Helper()
	for {
		deps := relay.Deps{Source: mysqloutbox.New(db, message.Event), Sender: to, Log: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry()}
		r, err := relay.New(cfg, message.Event, deps)
		if err != nil {
			t.Error(err)
			return
		}
		ctx, cancel := context.WithTimeout(t.Context(), 150*time.Millisecond)
		_ = r.Run(ctx)
		cancel()
		select {
		case <-stop:
			return
		default:
		}
	}
}

// BenchmarkRelay shows how many events a second leave the outbox when their receiver costs nothing.
func BenchmarkRelay(b *testing.B) {
	db := open(b)
	fill := make([]message.Message, 0, 1000)
	for i := range b.N {
		fill = append(fill, event(strconv.Itoa(i%100), int64(i)))
		if len(fill) == cap(fill) || i == b.N-1 {
			send(b, db, fill...)
			fill = fill[:0]
		}
	}
	to := &log{seen: map[uuid.UUID]int{}}
	cfg := relay.Config{Poll: 5 * time.Millisecond, Batch: 500, SendTimeout: time.Second, Lease: 30 * time.Second, Backoff: time.Second, Retention: time.Hour}
	deps := relay.Deps{Source: mysqloutbox.New(db, message.Event), Sender: to, Log: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry()}
	r, err := relay.New(cfg, message.Event, deps)
	require.NoError(b, err)
	b.ResetTimer()
	go func() { _ = r.Run(b.Context()) }()
	for done := 0; done < b.N; time.Sleep(time.Millisecond) {
		to.mu.Lock()
		done = len(to.got)
		to.mu.Unlock()
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func TestLargeMessagesComeInSmallerBatches(t *testing.T) {
	t.Parallel()
	db := open(t)
	source := mysqloutbox.New(db, message.Event)
	for version := range int64(4) {
		m := event("a", version)
		m.Data = strings.Repeat("x", 3<<20)
		send(t, db, m)
	}
	require.Equal(t, "a0 a1 a2", versions(pending(t, source, 10)))
}

func TestALongTraceStateIsLeftOut(t *testing.T) {
	t.Parallel()
	db := open(t)
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	for _, size := range []int{512 - len("a="), 513 - len("a=")} {
		ctx := propagation.TraceContext{}.Extract(t.Context(), propagation.MapCarrier{
			"traceparent": parent, "tracestate": "a=" + strings.Repeat("x", 254) + ",b=" + strings.Repeat("y", size-254-len(",b=")),
		})
		require.NoError(t, db.Transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
			return mysqldb.Send(ctx, tx, event("a", 1))
		}))
	}
	found := pending(t, mysqloutbox.New(db, message.Event), 10)
	require.Len(t, found, 2)
	require.Len(t, found[0].Trace["tracestate"], 512)
	require.NotEmpty(t, found[1].Trace["traceparent"])
	require.NotContains(t, found[1].Trace, "tracestate")
}
