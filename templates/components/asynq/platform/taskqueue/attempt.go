package taskqueue

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/hibiken/asynq"
)

// work is one task that a worker has in hand.
type work struct {
	name, id, queue string
	payload         []byte
	// retried is how often it was tried before and failed.
	retried int
	spec    Spec
	handler Handler
	// keep writes the task's result into Redis.
	keep func([]byte) (int, error)
}

// outcome is what became of an attempt, as metrics and logs call it.
type outcome string

const (
	// done: nothing is left to do.
	done outcome = "done"
	// retrying: it failed and is tried again.
	retrying outcome = "retry"
	// postponed: it failed while a store was away, and is tried again as if it had not been tried.
	postponed outcome = "postponed"
	// archived: it failed for good, and has nothing that undoes it.
	archived outcome = "archived"
	// compensated: it failed for good and was undone.
	compensated outcome = "compensated"
	// uncompensated: it failed for good, undoing it failed too and is tried again.
	uncompensated outcome = "compensation-retry"
	// abandoned: the attempt was ended from outside, because the worker stops or was cut off from Redis. Asynq has given
	// the task back already.
	abandoned outcome = "abandoned"
)

// verdict is what Asynq is told about an attempt that did not end the task well.
type verdict struct {
	outcome outcome
	cause   error
}

func (v *verdict) Error() string { return v.cause.Error() }

// Unwrap tells Asynq to archive what must not be tried again.
func (v *verdict) Unwrap() []error {
	if v.outcome == archived {
		return []error{v.cause, asynq.SkipRetry}
	}
	return []error{v.cause}
}

// verdictOf returns nil for a task with which nothing is left to do.
func verdictOf(o outcome, err error) error {
	if o == done || o == compensated {
		return nil
	}
	return &verdict{outcome: o, cause: err}
}

var errNoHandler = errors.New("this version of the service has no such task")

// attempt runs the task once, or what undoes it.
func (s *Server) attempt(ctx context.Context, w work) (outcome, error) {
	if w.handler.run == nil {
		// A newer version has enqueued it, and runs beside this one while it is rolled out.
		return retrying, errNoHandler
	}
	if w.handler.compensate != nil {
		return s.attemptStep(ctx, w)
	}
	return s.step(ctx, w)
}

// step runs the task's own function once. Archived means that it has failed for good.
func (s *Server) step(ctx context.Context, w work) (outcome, error) {
	err := within(ctx, w, w.handler.run)
	switch {
	case err == nil:
		return done, nil
	case ctx.Err() != nil:
		return abandoned, err
	case isPermanent(err):
		return archived, err
	case s.isStoreAway(ctx):
		return postponed, err
	case w.retried >= w.spec.MaxRetry:
		return archived, err
	default:
		return retrying, err
	}
}

// storeCheck is how long a store may take to answer before it counts as away.
const storeCheck = 2 * time.Second

func (s *Server) isStoreAway(ctx context.Context) bool {
	if s.client.deps.Stores == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, storeCheck)
	defer cancel()
	return s.client.deps.Stores(ctx) != nil
}

// isFailure tells Asynq whether an attempt counts.
func isFailure(err error) bool {
	judged, ok := errors.AsType[*verdict](err)
	return !ok || judged.outcome != postponed
}

// within runs one function of a handler with the task's timeout, and turns a panic into an error.
func within(ctx context.Context, w work, run runner) (err error) {
	limited, cancel := context.WithTimeout(ctx, w.spec.Timeout)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			err = &panicError{cause: cause, stack: debug.Stack()}
		}
	}()
	began := time.Now()
	err = run(limited, w)
	if err != nil && ctx.Err() == nil && errors.Is(limited.Err(), context.DeadlineExceeded) && !isPermanent(err) {
		return fmt.Errorf("no end after %s: %w", time.Since(began).Round(time.Millisecond), err)
	}
	return err
}

// panicError is a panic of a handler.
type panicError struct {
	cause any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.cause) }
