package mongodboutbox_test

import (
	"context"
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
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/components/mongodb+outbox/platform/mongodboutbox"
	"create-service/templates/components/mongodb/platform/mongodb"
	"create-service/templates/components/mongodb/platform/mongotest"
	"create-service/templates/components/outbox/platform/relay"
	"create-service/templates/service/kernel/message"
	"create-service/templates/service/platform/testserver"
)

func TestMain(m *testing.M) { testserver.Main(m, mongotest.Server()) }

// note is an aggregate, and what is kept of it.
type note struct {
	ID   uuid.UUID `bson:"_id"`
	Text string    `bson:"text"`
}

const createNotes = `[{"createIndexes": "notes", "indexes": [
	{"name": "notes_created", "key": {"_created.key": 1}, "unique": true, "sparse": true},
	{"name": "notes_events", "key": {"_outbox.event.since": 1}, "sparse": true},
	{"name": "notes_events_parked", "key": {"_outbox.event.parked": 1}, "sparse": true}
]}]`

type notes struct {
	*mongodb.Collection[note, note]
	db *mongodb.DB
}

func open(t testing.TB) notes {
	t.Helper()
	onceKeys, err := os.ReadFile("../../../mongodb/files/migrations/00001_create_once_keys.json")
	require.NoError(t, err)
	db := mongotest.Open(t, mongodb.Schema{
		Steps: fstest.MapFS{
			"00001_create_once_keys.json": {Data: onceKeys},
			"00002_create_notes.json":     {Data: []byte(createNotes)},
		},
		Collections: []string{"notes"},
	})
	same := func(n note) note { return n }
	return notes{Collection: mongodb.NewCollection(db, mongodb.Spec[note, note]{Collection: "notes", Write: same, Read: same}), db: db}
}

func event(key string, version int64) message.Message {
	return message.Message{
		ID: uuid.New(), Kind: message.Event, Type: "orders.order.created.v1", Topic: "orders.order.v1", Key: key, Version: version,
		Time: time.Date(2026, 5, 4, 3, 2, 1, 123456000, time.UTC), Data: map[string]int64{"version": version},
	}
}

// create adds a note that sends messages.
func (n notes) create(t testing.TB, messages ...message.Message) note {
	t.Helper()
	created, err := n.Create(t.Context(), note{ID: uuid.Must(uuid.NewV7())}, message.Unit{Messages: messages})
	require.NoError(t, err)
	return created
}

// send sends further messages with a change of a note.
func (n notes) send(t testing.TB, id uuid.UUID, messages ...message.Message) {
	t.Helper()
	_, err := n.Update(context.WithoutCancel(t.Context()), id, message.Unit{}, func(*note) ([]message.Message, error) {
		return messages, nil
	})
	require.NoError(t, err)
}

func pending(t testing.TB, source *mongodboutbox.Source, limit int) []relay.Outgoing {
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
	all := open(t)
	ctx, span := sdktrace.NewTracerProvider().Tracer("test").Start(t.Context(), "request")
	defer span.End()
	want := event("a", 7)
	_, err := all.Create(ctx, note{ID: uuid.New()}, message.Unit{Messages: []message.Message{want}})
	require.NoError(t, err)
	got := pending(t, mongodboutbox.New(all.db, message.Event), 10)
	require.Len(t, got, 1)
	require.WithinDuration(t, time.Now(), got[0].CommittedAt, time.Minute)
	require.Contains(t, got[0].Trace["traceparent"], trace.SpanContextFromContext(ctx).TraceID().String())
	got[0].CommittedAt, got[0].Trace, got[0].Place = time.Time{}, nil, nil
	if diff := cmp.Diff([]relay.Outgoing{{
		ID: want.ID, Kind: message.Event, Type: want.Type, Topic: want.Topic, Key: "a", Version: 7, Time: want.Time, Data: []byte(`{"version":7}`),
	}}, got); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
}

func TestMessageOfARefusedChangeWasNeverThere(t *testing.T) {
	t.Parallel()
	all := open(t)
	created := all.create(t)
	refusal := errors.New("refused")
	_, err := all.Update(t.Context(), created.ID, message.Unit{}, func(*note) ([]message.Message, error) {
		return []message.Message{event("a", 1)}, refusal
	})
	require.ErrorIs(t, err, refusal)
	require.Empty(t, pending(t, mongodboutbox.New(all.db, message.Event), 10))
}

func TestKindsHaveQueuesOfTheirOwn(t *testing.T) {
	t.Parallel()
	all := open(t)
	task := message.Message{ID: uuid.New(), Kind: message.Task, Type: "t", Topic: "default", Key: "a", Data: struct{}{}}
	all.create(t, event("a", 1), task)
	events, tasks := mongodboutbox.New(all.db, message.Event), mongodboutbox.New(all.db, message.Task)
	require.Equal(t, "a1", versions(pending(t, events, 10)))
	require.Equal(t, task.ID, pending(t, tasks, 10)[0].ID)
	require.Zero(t, pending(t, tasks, 10)[0].Time)
	require.NoError(t, events.Sent(t.Context(), pending(t, events, 10)))
	require.Empty(t, pending(t, events, 10))
	require.Len(t, pending(t, tasks, 10), 1)
}

func TestSentMessagesAreGone(t *testing.T) {
	t.Parallel()
	all := open(t)
	source := mongodboutbox.New(all.db, message.Event)
	first := all.create(t, event("a", 1), event("a", 2))
	all.create(t, event("b", 3))
	all.send(t, first.ID, event("a", 4))
	require.Equal(t, "a1 a2 a4 b3", versions(pending(t, source, 10)))
	two := pending(t, source, 2)
	require.Equal(t, "a1 a2", versions(two))

	// A change that comes in between keeps its own messages.
	all.send(t, first.ID, event("a", 5))
	require.NoError(t, source.Sent(t.Context(), two))
	require.NoError(t, source.Sent(t.Context(), two))
	require.NoError(t, source.Sent(t.Context(), nil))
	// Those that wait longest come first, and the document of a now begins with a later message than that of b.
	require.Equal(t, "b3 a4 a5", versions(pending(t, source, 10)))
	require.NoError(t, source.Sent(t.Context(), pending(t, source, 10)))
	backlog, err := source.Backlog(t.Context())
	require.NoError(t, err)
	require.Zero(t, backlog)
}

func TestParkedMessageHoldsBackItsKey(t *testing.T) {
	t.Parallel()
	all := open(t)
	source := mongodboutbox.New(all.db, message.Event)
	first := all.create(t, event("a", 1))
	second := all.create(t, event("b", 1))
	all.send(t, first.ID, event("a", 2))
	require.NoError(t, source.Park(t.Context(), pending(t, source, 1)[0], strings.Repeat("ä", 2000)+"\xff"))
	all.send(t, first.ID, event("a", 3))
	all.send(t, second.ID, event("b", 2))
	require.Equal(t, "b1 b2", versions(pending(t, source, 10)))
	backlog, err := source.Backlog(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, backlog.Parked)
	require.Equal(t, 4, backlog.Waiting)
	require.WithinDuration(t, time.Now(), backlog.Oldest, time.Minute)

	released, err := source.Unpark(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1, released)
	require.Equal(t, "a1 a2 a3 b1 b2", versions(pending(t, source, 10)))
}

// A message of another key in the same document passes a parked one.
func TestParkedMessageHoldsBackNoOtherKey(t *testing.T) {
	t.Parallel()
	all := open(t)
	source := mongodboutbox.New(all.db, message.Event)
	all.create(t, event("a", 1), event("b", 1), event("a", 2))
	require.NoError(t, source.Park(t.Context(), pending(t, source, 1)[0], "no"))
	require.Equal(t, "b1", versions(pending(t, source, 10)))
}

func TestLeaseHasOneHolder(t *testing.T) {
	t.Parallel()
	all := open(t)
	events, tasks := mongodboutbox.New(all.db, message.Event), mongodboutbox.New(all.db, message.Task)
	one, other := uuid.New(), uuid.New()
	lease := func(source *mongodboutbox.Source, holder uuid.UUID, term time.Duration) bool {
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

func TestOfManyWhoAskAtOnceOneGetsTheLease(t *testing.T) {
	t.Parallel()
	source := mongodboutbox.New(open(t).db, message.Event)
	var mu sync.Mutex
	var wg sync.WaitGroup
	holders := 0
	for range 8 {
		wg.Go(func() {
			held, err := source.Lease(context.WithoutCancel(t.Context()), uuid.New(), time.Minute)
			if err != nil {
				t.Error(err)
			}
			if held {
				mu.Lock()
				defer mu.Unlock()
				holders++
			}
		})
	}
	wg.Wait()
	require.Equal(t, 1, holders)
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
	all := open(t)
	to := &log{seen: map[uuid.UUID]int{}}
	cfg := relay.Config{Poll: 5 * time.Millisecond, Batch: 20, SendTimeout: 100 * time.Millisecond, Lease: 300 * time.Millisecond, Backoff: 50 * time.Millisecond, Retention: time.Hour}
	stop := make(chan struct{})
	var relays, producers sync.WaitGroup
	for range 3 {
		relays.Go(func() { runUntil(t, all.db, cfg, to, stop) })
	}
	const keys, each = 4, 50
	for key := range keys {
		written := all.create(t)
		producers.Go(func() {
			for version := range each {
				all.send(t, written.ID, event("key"+strconv.Itoa(key)+"/", int64(version)))
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
func runUntil(t *testing.T, db *mongodb.DB, cfg relay.Config, to relay.Sender, stop <-chan struct{}) {
	t.Helper()
	for {
		r, err := relay.New(cfg, message.Event, deps(db, to))
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

func deps(db *mongodb.DB, to relay.Sender) relay.Deps {
	return relay.Deps{Source: mongodboutbox.New(db, message.Event), Sender: to, Log: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry()}
}

// BenchmarkRelay shows how many events a second leave the outbox when their receiver costs nothing, each from a document of
// its own.
func BenchmarkRelay(b *testing.B) {
	all := open(b)
	for i := range b.N {
		all.create(b, event(strconv.Itoa(i), int64(i)))
	}
	to := &log{seen: map[uuid.UUID]int{}}
	cfg := relay.Config{Poll: 5 * time.Millisecond, Batch: 500, SendTimeout: time.Second, Lease: 30 * time.Second, Backoff: time.Second, Retention: time.Hour}
	r, err := relay.New(cfg, message.Event, deps(all.db, to))
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
