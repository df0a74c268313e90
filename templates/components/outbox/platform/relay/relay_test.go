package relay_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/components/outbox/platform/relay"
	"create-service/templates/service/kernel/message"
)

// outbox is a source in memory.
type outbox struct {
	mu       sync.Mutex
	waiting  []relay.Outgoing
	parked   map[any]string
	holder   uuid.UUID
	ends     time.Time
	sweeps   []time.Duration
	failing  error
	noLease  error
	released int
	sampled  bool
}

func newOutbox(keys ...string) *outbox {
	o := &outbox{parked: map[any]string{}}
	for i, key := range keys {
		o.waiting = append(o.waiting, relay.Outgoing{Place: i + 1, ID: uuid.New(), Key: key, Kind: message.Event, CommittedAt: time.Now()})
	}
	return o
}

func (o *outbox) Lease(_ context.Context, holder uuid.UUID, term time.Duration) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.noLease != nil {
		return false, o.noLease
	}
	if o.holder != holder && time.Now().Before(o.ends) {
		return false, nil
	}
	o.holder, o.ends = holder, time.Now().Add(term)
	return true, nil
}

func (o *outbox) Release(_ context.Context, holder uuid.UUID) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.holder == holder {
		o.ends = time.Time{}
		o.released++
	}
	return nil
}

func (o *outbox) Pending(ctx context.Context, limit int) ([]relay.Outgoing, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sampled = o.sampled || trace.SpanContextFromContext(ctx).IsSampled() || !trace.SpanContextFromContext(ctx).IsValid()
	if o.failing != nil {
		return nil, o.failing
	}
	return slices.Clone(o.waiting[:min(limit, len(o.waiting))]), nil
}

func (o *outbox) Sent(_ context.Context, messages []relay.Outgoing) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, m := range messages {
		o.remove(m.Place)
	}
	return nil
}

func (o *outbox) Park(_ context.Context, parked relay.Outgoing, reason string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.parked[parked.Place] = reason
	o.remove(parked.Place)
	return nil
}

func (o *outbox) remove(place any) {
	o.waiting = slices.DeleteFunc(o.waiting, func(m relay.Outgoing) bool { return m.Place == place })
}

func (o *outbox) Unpark(context.Context) (int64, error) { return 0, errors.ErrUnsupported }

func (o *outbox) Backlog(context.Context) (relay.Backlog, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	b := relay.Backlog{Waiting: len(o.waiting), Parked: len(o.parked)}
	if len(o.waiting) > 0 {
		b.Oldest = o.waiting[0].CommittedAt
	}
	return b, nil
}

func (o *outbox) Sweep(_ context.Context, age time.Duration) (int64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sweeps = append(o.sweeps, age)
	return 0, nil
}

func (o *outbox) wasSampled() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.sampled
}

func (o *outbox) left() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.waiting)
}

// receiver is a sender that keeps what it gets.
type receiver struct {
	mu     sync.Mutex
	got    []any
	answer func(relay.Outgoing) error
	hold   chan struct{}
}

func (r *receiver) Send(ctx context.Context, messages []relay.Outgoing) []error {
	if r.hold != nil {
		select {
		case <-r.hold:
		case <-ctx.Done():
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	failed := make([]error, len(messages))
	for i, m := range messages {
		if r.answer != nil {
			failed[i] = r.answer(m)
		}
		if failed[i] == nil {
			r.got = append(r.got, m.Place)
		}
	}
	return failed
}

func (r *receiver) received() []any {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func config() relay.Config {
	return relay.Config{
		Poll: time.Millisecond, Batch: 2, SendTimeout: 100 * time.Millisecond, Lease: 200 * time.Millisecond,
		Backoff: 10 * time.Millisecond, Retention: time.Hour,
	}
}

func start(t *testing.T, cfg relay.Config, from relay.Source, to relay.Sender, logs *bytes.Buffer) (*relay.Relay, *prometheus.Registry) {
	t.Helper()
	registry := prometheus.NewRegistry()
	log := slog.New(slog.DiscardHandler)
	if logs != nil {
		log = slog.New(slog.NewTextHandler(logs, nil))
	}
	r, err := relay.New(cfg, message.Event, relay.Deps{Source: from, Sender: to, Log: log, Registry: registry})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			require.ErrorIs(t, err, context.Canceled)
		}
	})
	return r, registry
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	require.Eventually(t, holds, 5*time.Second, time.Millisecond, what)
}

func TestEverythingIsSentInOrder(t *testing.T) {
	t.Parallel()
	from, to := newOutbox("a", "b", "a", "c", "a"), &receiver{}
	_, registry := start(t, config(), from, to, nil)
	eventually(t, "nothing waits", func() bool { return from.left() == 0 })
	require.Equal(t, []any{1, 2, 3, 4, 5}, to.received())
	require.False(t, from.wasSampled(), "asking the outbox makes no spans")
	eventually(t, "what was delivered is counted", func() bool {
		return testutil.CollectAndCount(registry, "outbox_delay_seconds") == 1 && value(t, registry, "outbox_delivered_total") == 5
	})
	eventually(t, "it sweeps", func() bool {
		from.mu.Lock()
		defer from.mu.Unlock()
		return slices.Equal(from.sweeps, []time.Duration{time.Hour})
	})
}

func TestFailureIsTriedAgain(t *testing.T) {
	t.Parallel()
	tries := 0
	from := newOutbox("a")
	to := &receiver{answer: func(relay.Outgoing) error {
		if tries++; tries < 4 {
			return errors.New("the broker is away")
		}
		return nil
	}}
	var logs bytes.Buffer
	r, registry := start(t, config(), from, to, &logs)
	eventually(t, "nothing waits", func() bool { return from.left() == 0 })
	require.NoError(t, r.Shutdown(t.Context()))
	require.Equal(t, []any{1}, to.received())
	require.InDelta(t, 3, value(t, registry, "outbox_failures_total"), 0)
	require.Equal(t, 3, strings.Count(logs.String(), "the broker is away"))
	require.Empty(t, from.parked)
}

func TestWhatCannotBeDeliveredHoldsUpNobodyElse(t *testing.T) {
	t.Parallel()
	from := newOutbox("a", "a", "b", "a", "b", "a", "b", "a", "b", "b")
	to := &receiver{answer: func(m relay.Outgoing) error {
		if m.Key == "a" {
			return errors.New("the partition has no leader")
		}
		return nil
	}}
	cfg := config()
	cfg.Backoff = time.Hour
	start(t, cfg, from, to, nil)
	eventually(t, "all of b has arrived", func() bool { return slices.Equal(to.received(), []any{3, 5, 7, 9, 10}) })
	require.Equal(t, 5, from.left())
}

// An alert on what waits is worth nothing when it is silent while nothing can be sent.
func TestTheBacklogIsCountedWhileNothingCanBeSent(t *testing.T) {
	t.Parallel()
	from := newOutbox("a", "b")
	for i := range from.waiting {
		from.waiting[i].CommittedAt = time.Now().Add(-time.Hour)
	}
	to := &receiver{answer: func(relay.Outgoing) error { return errors.New("the broker is away") }}
	_, registry := start(t, config(), from, to, nil)
	eventually(t, "two messages wait", func() bool { return value(t, registry, "outbox_waiting") == 2 })
	require.Greater(t, value(t, registry, "outbox_oldest_seconds"), time.Hour.Seconds())
	from.mu.Lock()
	from.failing = errors.New("no database")
	from.mu.Unlock()
	before := value(t, registry, "outbox_oldest_seconds")
	eventually(t, "the age grows though nobody can count", func() bool { return value(t, registry, "outbox_oldest_seconds") > before })
}

func TestWhatCanNeverBeDeliveredIsParked(t *testing.T) {
	t.Parallel()
	from := newOutbox("a", "b")
	to := &receiver{answer: func(m relay.Outgoing) error {
		if m.Key == "a" {
			return fmt.Errorf("too large: %w", relay.ErrPermanent)
		}
		return nil
	}}
	_, registry := start(t, config(), from, to, nil)
	eventually(t, "nothing waits", func() bool { return from.left() == 0 })
	require.Equal(t, []any{2}, to.received())
	require.Contains(t, from.parked[1], "too large")
	require.InDelta(t, 1, value(t, registry, "outbox_parkings_total"), 0)
}

func TestSendingEndsInTime(t *testing.T) {
	t.Parallel()
	from, to := newOutbox("a"), &receiver{hold: make(chan struct{})}
	to.answer = func(relay.Outgoing) error { return context.DeadlineExceeded }
	_, registry := start(t, config(), from, to, nil)
	eventually(t, "a failure is counted", func() bool { return value(t, registry, "outbox_failures_total") > 0 })
	require.Equal(t, 1, from.left())
}

func TestOneOfSeveralIsActive(t *testing.T) {
	t.Parallel()
	from := newOutbox()
	var first, second receiver
	one, ofFirst := start(t, config(), from, &first, nil)
	eventually(t, "the first leads", func() bool { from.mu.Lock(); defer from.mu.Unlock(); return from.holder != uuid.Nil })
	_, ofSecond := start(t, config(), from, &second, nil)
	from.add("a", "b")
	eventually(t, "nothing waits", func() bool { return from.left() == 0 })
	require.Len(t, first.received(), 2)
	require.Empty(t, second.received())
	require.InDelta(t, 1, value(t, ofFirst, "outbox_active"), 0)
	require.InDelta(t, 0, value(t, ofSecond, "outbox_active"), 0)

	require.NoError(t, one.Shutdown(t.Context()))
	from.add("c")
	eventually(t, "the other takes over", func() bool { return len(second.received()) == 1 })
	require.InDelta(t, 0, value(t, ofFirst, "outbox_active"), 0)
	require.InDelta(t, 1, value(t, ofSecond, "outbox_active"), 0)
}

func TestWhoCannotRenewItsLeaseIsNotActiveOnceItEnds(t *testing.T) {
	t.Parallel()
	from := newOutbox()
	_, registry := start(t, config(), from, &receiver{}, nil)
	active := func() bool { return value(t, registry, "outbox_active") == 1 }
	eventually(t, "it leads", active)
	failLease := func(err error) { from.mu.Lock(); defer from.mu.Unlock(); from.noLease = err }
	failLease(errors.New("the lease may not be written"))
	eventually(t, "it does not lead", func() bool { return !active() })
	failLease(nil)
	eventually(t, "it leads again", active)
}

func (o *outbox) add(keys ...string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, key := range keys {
		o.waiting = append(o.waiting, relay.Outgoing{Place: 100 + len(o.waiting), ID: uuid.New(), Key: key, CommittedAt: time.Now()})
	}
}

func TestShutdownSendsTheRest(t *testing.T) {
	t.Parallel()
	cfg := config()
	cfg.Poll = time.Minute
	from, to := newOutbox(), &receiver{}
	r, _ := start(t, cfg, from, to, nil)
	eventually(t, "it rests", func() bool { from.mu.Lock(); defer from.mu.Unlock(); return len(from.sweeps) == 1 })
	from.add("a", "b", "c")
	require.NoError(t, r.Shutdown(t.Context()))
	require.Len(t, to.received(), 3)
	require.Equal(t, 1, from.released)
}

// Others go on committing while a process ends: it must not follow them for ever.
func TestShutdownLeavesWhatOthersCommitMeanwhile(t *testing.T) {
	t.Parallel()
	cfg := config()
	cfg.Poll = time.Minute
	from, to := newOutbox(), &receiver{}
	r, _ := start(t, cfg, from, to, nil)
	eventually(t, "it rests", func() bool { from.mu.Lock(); defer from.mu.Unlock(); return len(from.sweeps) == 1 })
	to.answer = func(relay.Outgoing) error { from.add("b"); return nil }
	from.add("a")
	require.NoError(t, r.Shutdown(t.Context()))
	require.Len(t, to.received(), 1)
	require.Equal(t, 1, from.left())
	require.Equal(t, 1, from.released)
}

func TestTheLeaseIsGivenBackWhenThereIsNoTimeLeft(t *testing.T) {
	t.Parallel()
	from, to := newOutbox("a"), &receiver{hold: make(chan struct{})}
	cfg := config()
	cfg.SendTimeout, cfg.Lease = time.Minute, 3*time.Minute
	registry := prometheus.NewRegistry()
	r, err := relay.New(cfg, message.Event, relay.Deps{Source: from, Sender: to, Log: slog.New(slog.DiscardHandler), Registry: registry})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	eventually(t, "it runs", func() bool { from.mu.Lock(); defer from.mu.Unlock(); return from.holder != uuid.Nil })
	cancel()
	require.Error(t, <-ended)
	require.Equal(t, 1, from.released)
}

func TestShutdownGivesUp(t *testing.T) {
	t.Parallel()
	from, to := newOutbox("a"), &receiver{hold: make(chan struct{})}
	cfg := config()
	cfg.SendTimeout, cfg.Lease = time.Minute, 2*time.Minute
	r, _ := start(t, cfg, from, to, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	eventually(t, "it runs", func() bool { from.mu.Lock(); defer from.mu.Unlock(); return from.holder != uuid.Nil })
	require.ErrorIs(t, r.Shutdown(ctx), context.DeadlineExceeded)
}

func TestShutdownOfWhatNeverRan(t *testing.T) {
	t.Parallel()
	deps := relay.Deps{Source: newOutbox(), Sender: &receiver{}, Log: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry()}
	r, err := relay.New(config(), message.Event, deps)
	require.NoError(t, err)
	require.NoError(t, r.Shutdown(t.Context()))
	_, err = relay.New(config(), message.Event, deps)
	require.Error(t, err, "its metrics are registered")
	_, err = relay.New(config(), message.Task, deps)
	require.NoError(t, err, "each kind has series of its own")
}

func TestOutageOfTheOutbox(t *testing.T) {
	t.Parallel()
	from, to := newOutbox("a"), &receiver{}
	from.failing = errors.New("no database")
	start(t, config(), from, to, nil)
	time.Sleep(20 * time.Millisecond)
	from.mu.Lock()
	from.failing = nil
	from.mu.Unlock()
	eventually(t, "nothing waits", func() bool { return from.left() == 0 })
}

func TestSettingsThatCannotWork(t *testing.T) {
	t.Parallel()
	cfg := config()
	cfg.SendTimeout = cfg.Lease
	require.ErrorContains(t, cfg.Validate(), "OUTBOX_SEND_TIMEOUT")
	_, err := relay.New(cfg, message.Event, relay.Deps{Registry: prometheus.NewRegistry()})
	require.Error(t, err)
}

func value(t *testing.T, registry *prometheus.Registry, name string) float64 {
	t.Helper()
	families, err := registry.Gather()
	require.NoError(t, err)
	for _, family := range families {
		if family.GetName() == name {
			return family.GetMetric()[0].GetCounter().GetValue() + family.GetMetric()[0].GetGauge().GetValue()
		}
	}
	t.Fatalf("no metric %s", name)
	return 0
}
