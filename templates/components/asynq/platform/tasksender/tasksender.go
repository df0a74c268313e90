// Package tasksender hands the tasks of an outbox to the queues.
package tasksender

import (
	"context"
	"fmt"

	"go.opentelemetry.io/otel/propagation"

	"create-service/templates/components/asynq/platform/taskqueue"
	"create-service/templates/components/outbox/platform/relay"
	"create-service/templates/service/kernel/message"
)

// Sender enqueues committed tasks. It implements relay.Sender.
type Sender struct {
	queue      *taskqueue.Client
	propagator propagation.TextMapPropagator
}

// New returns a sender to the given queues. The propagator reads the trace context that was committed with a task.
func New(queue *taskqueue.Client, propagator propagation.TextMapPropagator) *Sender {
	return &Sender{queue: queue, propagator: propagator}
}

// Send enqueues the tasks, each in the trace of the transaction that committed it, and returns one error for each. A task
// that is there already was sent before, which is no error; so nothing is lost or doubled when a relay dies between
// sending and noting it. Only a task without a name is refused for good: one that this version does not know is there for
// a newer one.
func (s *Sender) Send(ctx context.Context, messages []relay.Outgoing) []error {
	results := make([]error, len(messages))
	for i, m := range messages {
		results[i] = s.send(ctx, m)
	}
	return results
}

func (s *Sender) send(ctx context.Context, m relay.Outgoing) error {
	if m.Kind != message.Task || m.Type == "" {
		return fmt.Errorf("message %s of kind %q and type %q is no task: %w", m.ID, m.Kind, m.Type, relay.ErrPermanent)
	}
	ctx = s.propagator.Extract(ctx, propagation.MapCarrier(m.Trace))
	return s.queue.Send(ctx, message.Message{
		ID:    m.ID,
		Kind:  m.Kind,
		Type:  m.Type,
		Topic: m.Topic,
		Time:  m.Time,
		Data:  m.Data,
	})
}
