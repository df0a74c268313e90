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
	ctx      context.Context
	cancel   context.CancelFunc
	done     chan struct{}
	stopping atomic.Bool
}

// newRunningPart gives a part a context that outlives the signal: until its phase comes the part goes on working.
func newRunningPart(ctx context.Context, p Part) *runningPart {
	r := &runningPart{Part: p, done: make(chan struct{})}
	r.ctx, r.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return r
}

// run works until the part ends, and reports an end that nobody asked for.
func (r *runningPart) run(failed chan<- error) {
	defer close(r.done)
	if r.Run == nil {
		return
	}
	err := r.Run(r.ctx)
	switch {
	case err != nil:
		failed <- fmt.Errorf("%s: %w", r.Name, err)
	case !r.stopping.Load():
		failed <- fmt.Errorf("%s: ended by itself", r.Name)
	}
}

// stop asks the part to finish and waits until it has, or until the context ends.
func (r *runningPart) stop(ctx context.Context) error {
	r.stopping.Store(true)
	defer r.cancel()
	var err error
	if r.Shutdown != nil {
		err = r.Shutdown(ctx)
	}
	r.cancel()
	select {
	case <-r.done:
	case <-ctx.Done():
		err = errors.Join(err, errors.New("still running when its time was over"))
	}
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
