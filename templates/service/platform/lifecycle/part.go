package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// runningPart is a part that was started.
type runningPart struct {
	Part
	cancel   context.CancelFunc
	done     chan struct{}
	stopping atomic.Bool
}

// begin starts a part with a context that outlives the signal: until its phase comes the part goes on working.
func begin(ctx context.Context, p Part, failed chan<- error) *runningPart {
	r := &runningPart{Part: p, done: make(chan struct{})}
	ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		defer close(r.done)
		if err := r.run(ctx); err != nil {
			failed <- fmt.Errorf("%s: %w", r.Name, err)
		}
	}()
	return r
}

// run works until the part ends. An end that nobody asked for is an error.
func (r *runningPart) run(ctx context.Context) error {
	if r.Run == nil {
		return nil
	}
	err := r.Run(ctx)
	stopping := r.stopping.Load()
	switch {
	case err == nil && !stopping:
		return errors.New("ended by itself")
	case errors.Is(err, context.Canceled) && stopping:
		return nil
	default:
		return err
	}
}

// stop asks the part to finish and waits until it has, or until the context ends.
func (r *runningPart) stop(ctx context.Context) error {
	r.stopping.Store(true)
	defer r.cancel()
	finished := make(chan error, 1)
	go func() { finished <- r.finish(ctx) }()
	select {
	case err := <-finished:
		return err
	case <-ctx.Done():
		return fmt.Errorf("%s: still running when its time was over", r.Name)
	}
}

// finish shuts the part down, ends its context and waits for the end of its run.
func (r *runningPart) finish(ctx context.Context) error {
	var err error
	if r.Shutdown != nil {
		err = r.Shutdown(ctx)
	}
	r.cancel()
	<-r.done
	if err != nil {
		return fmt.Errorf("%s: %w", r.Name, err)
	}
	return nil
}

// stopPhase stops the parts of one phase together and returns all their errors.
func stopPhase(ctx context.Context, limit time.Duration, running []*runningPart, phase Phase) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var results []chan error
	for _, r := range running {
		if r.Phase != phase {
			continue
		}
		result := make(chan error, 1)
		go func() { result <- r.stop(ctx) }()
		results = append(results, result)
	}
	var all error
	for _, result := range results {
		all = errors.Join(all, <-result)
	}
	return all
}
