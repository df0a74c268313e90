package taskqueue

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"create-service/templates/service/kernel/message"
)

// Task is one task as its handler sees it.
type Task[P any] struct {
	// Name is the task's name, such as "send-receipt".
	Name string
	// ID is the same in every attempt: the id of the task's message, or `<name>/<tick>` when a schedule enqueued it.
	ID string
	// Attempt counts the attempts, from 1. Those that only compensate count too.
	Attempt int
	// Payload is what the message carried.
	Payload P

	scope string
}

// onceKeep is how long stores remember that a task had its effect: longer than any outage after which it is tried again.
const onceKeep = 7 * 24 * time.Hour

// Unit returns the unit under which a use case has its effect a single time, however often the task is run. A handler that
// calls several use cases appends to Once what tells them apart. A compensation's unit differs from that of the step.
func (t Task[P]) Unit() message.Unit {
	return message.Unit{Once: cmp.Or(t.scope, scopeTask) + "/" + t.Name + "/" + t.ID, Keep: onceKeep}
}

// Scopes of once-keys.
const (
	scopeTask         = "task"
	scopeCompensation = "compensate"
)

// Handler runs the tasks of one name.
type Handler struct {
	name       string
	run        runner
	compensate runner
}

// runner is a handler's function behind the decoding of its payload.
type runner func(ctx context.Context, w work) error

// Handle returns the handler of the tasks of a name. A payload that is no P is never tried again.
func Handle[P any](name string, run func(context.Context, Task[P]) error) Handler {
	return Handler{name: name, run: decoded(scopeTask, run)}
}

// Saga returns the handler of a task that compensate undoes when it has failed for good; the package's comment says how.
// Compensate must return nil when there is nothing left to undo, for it is run until it does.
func Saga[P any](name string, run, compensate func(context.Context, Task[P]) error) Handler {
	return Handler{name: name, run: decoded(scopeTask, run), compensate: decoded(scopeCompensation, compensate)}
}

func decoded[P any](scope string, run func(context.Context, Task[P]) error) runner {
	return func(ctx context.Context, w work) error {
		task := Task[P]{Name: w.name, ID: w.id, Attempt: w.retried + 1, scope: scope}
		if err := json.Unmarshal(w.payload, &task.Payload); err != nil {
			return &payloadError{cause: err}
		}
		return run(ctx, task)
	}
}

// payloadError is that of a payload that its handler cannot read. The JSON package's own errors tell of types and
// places, and of no values but single characters and numbers.
type payloadError struct {
	cause error
}

func (e *payloadError) Error() string { return fmt.Sprintf("decode the payload: %v", e.cause) }

func (e *payloadError) Unwrap() error { return e.cause }
