// Package relay sends what stores have committed: it takes messages out of an outbox in their order and hands them to
// the sender of their kind, at least once.
//
// Any number of processes may run a relay of the same outbox; the one that holds the lease works, the others wait for
// it. That, and not a lock on rows, is what keeps the order of messages: a message is sent when those before it with the
// same key have arrived.
package relay

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"create-service/templates/service/kernel/message"
)

// sweepEvery is the time between two sweeps of delivered messages, countEvery that between two counts of the backlog.
const (
	sweepEvery = time.Minute
	countEvery = 5 * time.Second
	// releaseTime is how long giving the lease back may take.
	releaseTime = time.Second
	// mostHeld is how many batches of messages that cannot be delivered for now, such as those for one partition without a
	// leader, the relay looks past to find others.
	mostHeld = 4
)

// Deps is what a relay works with. All of it is required.
type Deps struct {
	// Store names the store whose outbox it is, such as "MySQL".
	Store string
	// Source is the outbox with the messages of the relay's kind.
	Source Source
	// Sender delivers them.
	Sender Sender
	// Log gets what goes wrong.
	Log *slog.Logger
	// Registry takes the relay's metrics.
	Registry prometheus.Registerer
}

// Relay moves messages of one kind from an outbox to their sender.
type Relay struct {
	cfg      Config
	kind     message.Kind
	deps     Deps
	measured *instruments
	// holder is this relay's name in the lease.
	holder uuid.UUID
	// leads is until when the lease is certainly ours; the zero time: it is not.
	leads    time.Time
	failures int
	// held is how many messages of the last batch could not be delivered.
	held    int
	swept   time.Time
	counted time.Time

	running atomic.Bool
	stop    chan struct{}
	halt    sync.Once
	done    chan struct{}
}

// New returns a relay of the messages of one kind. It fails on settings that cannot work and on metrics that are
// registered already.
func New(cfg Config, kind message.Kind, d Deps) (*Relay, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	measured, err := newInstruments(d.Store, kind, d.Registry)
	if err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	return &Relay{
		cfg:      cfg,
		kind:     kind,
		deps:     d,
		measured: measured,
		holder:   uuid.New(),
		stop:     make(chan struct{}),
		done:     make(chan struct{}),
	}, nil
}

// Run relays until the context ends or, after Shutdown, until nothing waits. It is called once.
func (r *Relay) Run(ctx context.Context) error {
	r.running.Store(true)
	defer close(r.done)
	ctx = untraced(ctx)
	for {
		timer := time.NewTimer(r.turn(ctx))
		select {
		case <-timer.C:
		case <-r.stop:
			timer.Stop()
			return r.finish(ctx)
		case <-ctx.Done():
			timer.Stop()
			return errors.Join(ctx.Err(), r.release(ctx))
		}
	}
}

// Shutdown returns when Run has sent what waits and given the lease back, or when the context ends.
func (r *Relay) Shutdown(ctx context.Context) error {
	if !r.running.Load() {
		return nil
	}
	r.halt.Do(func() { close(r.stop) })
	select {
	case <-r.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("relay of %ss: %w", r.kind, ctx.Err())
	}
}

// turn does what is due and returns how long to rest.
func (r *Relay) turn(ctx context.Context) time.Duration {
	leads, err := r.lead(ctx)
	if err != nil {
		return r.failed(ctx, err)
	}
	if !leads {
		return r.cfg.Lease / 3
	}
	sent, err := r.pass(ctx)
	if sent > 0 {
		r.failures = 0
	}
	// What waits is counted above all when it cannot be sent.
	if err := errors.Join(err, r.upkeep(ctx)); err != nil {
		return r.failed(ctx, err)
	}
	r.failures = 0
	if sent >= r.cfg.Batch {
		return 0
	}
	return r.cfg.Poll
}

// lead takes or renews the lease when less than half of it is certain, so that a batch ends within it.
func (r *Relay) lead(ctx context.Context) (bool, error) {
	now := time.Now()
	if r.leads.Sub(now) > r.cfg.Lease/2 {
		return true, nil
	}
	leads, err := r.deps.Source.Lease(ctx, r.holder, r.cfg.Lease)
	if err != nil {
		if now.After(r.leads) {
			r.measured.active.Set(0)
		}
		return false, fmt.Errorf("lease: %w", err)
	}
	if leads != !r.leads.IsZero() {
		r.deps.Log.InfoContext(ctx, "outbox relay changed", "store", r.deps.Store, "kind", string(r.kind), "active", leads)
	}
	r.leads = time.Time{}
	if leads {
		r.leads = now.Add(r.cfg.Lease)
		r.measured.active.Set(1)
	} else {
		r.measured.active.Set(0)
		r.measured.backlog(Backlog{})
	}
	return leads, nil
}

// pass sends one batch and returns how many messages were taken care of: delivered, or parked.
func (r *Relay) pass(ctx context.Context) (int, error) {
	// Nothing is sent after the lease: another process may be sending what comes next.
	ctx, cancel := context.WithDeadline(ctx, r.leads)
	defer cancel()
	batch, err := r.deps.Source.Pending(ctx, r.cfg.Batch+min(r.held, mostHeld*r.cfg.Batch))
	if err != nil || len(batch) == 0 {
		return 0, err
	}
	delivered, failed := r.send(ctx, batch)
	if err := r.deps.Source.Sent(ctx, delivered); err != nil {
		return 0, err
	}
	r.measured.sent(delivered, time.Now())
	parked, err := r.park(ctx, failed)
	sent := len(delivered) + parked
	r.held = len(batch) - sent
	return sent, err
}

// failure is a message that was not delivered, and why.
type failure struct {
	message Outgoing
	cause   error
}

func (r *Relay) send(ctx context.Context, batch []Outgoing) (delivered []Outgoing, failed []failure) {
	ctx, cancel := context.WithTimeout(ctx, r.cfg.SendTimeout)
	defer cancel()
	delivered = make([]Outgoing, 0, len(batch))
	for i, err := range r.deps.Sender.Send(ctx, batch) {
		if err == nil {
			delivered = append(delivered, batch[i])
		} else {
			failed = append(failed, failure{message: batch[i], cause: err})
		}
	}
	return delivered, failed
}

// park sets aside what can never be delivered, and returns how many that were and the first other failure.
func (r *Relay) park(ctx context.Context, failed []failure) (parked int, first error) {
	for _, f := range failed {
		if !errors.Is(f.cause, ErrPermanent) {
			r.measured.failures.Inc()
			if first == nil {
				first = fmt.Errorf("send: %w", f.cause)
			}
			continue
		}
		if err := r.deps.Source.Park(ctx, f.message, f.cause.Error()); err != nil {
			return parked, err
		}
		parked++
		r.measured.parkings.Inc()
		r.deps.Log.ErrorContext(ctx, "message parked", "error", f.cause,
			"message.id", f.message.ID.String(), "message.type", f.message.Type, "message.key", f.message.Key)
	}
	return parked, first
}

// upkeep counts the backlog and deletes what was delivered long ago, each when it is due.
func (r *Relay) upkeep(ctx context.Context) error {
	now := time.Now()
	if now.Sub(r.counted) >= countEvery {
		backlog, err := r.deps.Source.Backlog(ctx)
		if err != nil {
			return err
		}
		r.measured.backlog(backlog)
		r.counted = now
	}
	if now.Sub(r.swept) >= sweepEvery {
		if _, err := r.deps.Source.Sweep(ctx, r.cfg.Retention); err != nil {
			return err
		}
		r.swept = now
	}
	return nil
}

// failed logs and returns a rest that doubles from failure to failure.
func (r *Relay) failed(ctx context.Context, err error) time.Duration {
	if ctx.Err() == nil {
		r.deps.Log.WarnContext(ctx, "outbox relay failed and will try again", "store", r.deps.Store, "kind", string(r.kind), "error", err)
	}
	rest := min(r.cfg.Poll<<min(r.failures, 16), r.cfg.Backoff)
	r.failures++
	return rest
}

// finish sends what waits and gives the lease back. What cannot be sent, and what others commit meanwhile, stays for another
// process.
func (r *Relay) finish(ctx context.Context) error {
	for {
		leads, err := r.lead(ctx)
		if err != nil || !leads {
			return err
		}
		sent, err := r.pass(ctx)
		if err != nil || sent < r.cfg.Batch {
			return errors.Join(err, r.release(ctx))
		}
	}
}

// release gives the lease back, also when the time of a shutdown is over: others would wait for its end.
func (r *Relay) release(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
	defer cancel()
	r.measured.active.Set(0)
	return r.deps.Source.Release(ctx, r.holder)
}
