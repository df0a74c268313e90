// Package lifecycle starts the parts of a service and stops them in an order that loses nothing.
//
// On SIGTERM, SIGINT, the end of the context or the failure of a part: readiness ends and the parts announce it to their
// clients; after a delay, in which load balancers notice, the phases stop one after the other, the parts of one phase together. A second signal ends it
// at once.
package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"
)

// Phase says when a part stops. The phases stop in the order of the constants and start in the opposite one.
type Phase int

// The phases of a shutdown.
const (
	// Drain: what takes work in, such as HTTP and gRPC servers, consumers and task servers, finishes what it has.
	Drain Phase = iota
	// Release: offsets are committed and leases given back.
	Release
	// Producers: what sends messages sends the last of them.
	Producers
	// Stores: databases and caches are closed.
	Stores
	// Telemetry: the last spans go out and the admin port closes.
	Telemetry
)

// String returns the name of the phase, for logs and errors.
func (p Phase) String() string {
	switch p {
	case Drain:
		return "drain"
	case Release:
		return "release"
	case Producers:
		return "producers"
	case Stores:
		return "stores"
	case Telemetry:
		return "telemetry"
	default:
		return "unknown"
	}
}

// Part is one thing that runs, or is closed, with the service.
type Part struct {
	// Name is used in logs and errors.
	Name string
	// Phase is when the part stops.
	Phase Phase
	// Run works until its context ends or Shutdown is called. When it returns before, even without an error, the
	// service stops. Nil: there is nothing to run.
	Run func(context.Context) error
	// Announce tells the part's clients to go elsewhere, while it goes on working: it is called when readiness ends,
	// before the delay. It must not block. Nil: there is nobody to tell.
	Announce func()
	// Shutdown asks the part to finish, and gives up when the context ends. Nil: the end of Run's context suffices.
	Shutdown func(context.Context) error
}

// Deps is what a shutdown tells about itself.
type Deps struct {
	// Health is told when the service has started and when it drains.
	Health interface {
		Started()
		Draining()
	}
	Log *slog.Logger
}

// ErrInterrupted is returned when a second signal ended the shutdown.
var ErrInterrupted = errors.New("a second signal stopped the service before it had drained")

// Run starts the parts and returns when all have stopped. The error is that of the part whose failure stopped the
// service, if one did, joined with those of the shutdown.
func Run(ctx context.Context, cfg Config, d Deps, parts ...Part) error {
	collectLess()
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	defer signal.Stop(signals)

	failed := make(chan error, len(parts))
	running := start(ctx, parts, failed)
	d.Health.Started()
	d.Log.InfoContext(ctx, "service started")

	cause := wait(ctx, d.Log, signals, failed)
	d.Health.Draining()
	announce(parts)
	err := stopUnlessInterrupted(ctx, cfg, d.Log, running, signals)
	return errors.Join(cause, err, remaining(failed))
}

// start runs the parts, those that stop last first.
func start(ctx context.Context, parts []Part, failed chan<- error) []*runningPart {
	running := make([]*runningPart, 0, len(parts))
	inOrder := slices.SortedStableFunc(slices.Values(parts), func(a, b Part) int { return int(b.Phase) - int(a.Phase) })
	for _, p := range inOrder {
		running = append(running, begin(ctx, p, failed))
	}
	return running
}

func announce(parts []Part) {
	for _, p := range parts {
		if p.Announce != nil {
			p.Announce()
		}
	}
}

// wait returns when the service has to stop: nil when it was asked to, else the error of the part that failed.
func wait(ctx context.Context, log *slog.Logger, signals <-chan os.Signal, failed <-chan error) error {
	select {
	case <-ctx.Done():
		log.InfoContext(ctx, "service stops", "reason", context.Cause(ctx).Error())
		return nil
	case s := <-signals:
		log.InfoContext(ctx, "service stops", "reason", s.String())
		return nil
	case err := <-failed:
		log.ErrorContext(ctx, "service stops because a part failed", "error", err)
		return err
	}
}

// stopUnlessInterrupted stops everything in order. A signal on the way ends that at once.
func stopUnlessInterrupted(ctx context.Context, cfg Config, log *slog.Logger, running []*runningPart, signals <-chan os.Signal) error {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stopped := make(chan error, 1)
	go func() { stopped <- stop(ctx, cfg, log, running) }()
	select {
	case err := <-stopped:
		return err
	case <-signals:
		for _, r := range running {
			r.cancel()
		}
		return ErrInterrupted
	}
}

// stop waits for the delay and then stops phase after phase.
func stop(ctx context.Context, cfg Config, log *slog.Logger, running []*runningPart) error {
	select {
	case <-time.After(cfg.Delay):
	case <-ctx.Done():
		return ctx.Err()
	}
	var all error
	for phase := Drain; phase <= Telemetry; phase++ {
		began := time.Now()
		err := stopPhase(ctx, cfg.limit(phase), running, phase)
		log.InfoContext(ctx, "shutdown phase done", "phase", phase.String(), "event.duration", time.Since(began))
		if err != nil {
			all = errors.Join(all, fmt.Errorf("shutdown phase %s: %w", phase, err))
		}
	}
	return all
}

// remaining returns the errors of parts that failed after the first, without waiting for more.
func remaining(failed <-chan error) error {
	var all error
	for {
		select {
		case err := <-failed:
			all = errors.Join(all, err)
		default:
			return all
		}
	}
}
