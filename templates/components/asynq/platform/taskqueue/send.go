package taskqueue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/service/kernel/message"
)

// Send enqueues tasks at once: for services without a store. Where there is one, a use case returns its messages and the
// store commits them with the aggregate, so that none is lost and none runs for a change that was rolled back.
//
// A message whose id is there already is not added again, which is no error. Of several, those before the first error
// were enqueued; sending all of them again is safe. An error of Redis carries [fault.Unavailable].
func (c *Client) Send(ctx context.Context, messages ...message.Message) error {
	for _, m := range messages {
		if m.Kind != message.Task || m.ID == uuid.Nil {
			return fmt.Errorf("message %q of kind %q and type %q is no task with an id", m.ID, m.Kind, m.Type)
		}
		payload, err := json.Marshal(m.Data)
		if err != nil {
			return fmt.Errorf("encode the payload of task %s: %w", m.Type, err)
		}
		spec := c.specs.of(m.Type, m.Topic)
		if m.Topic != "" {
			spec.Queue = m.Topic
		}
		if _, err := c.put(ctx, spec, entry{id: m.ID.String(), payload: payload, notBefore: m.Time, retention: c.cfg.Retention}); err != nil {
			return err
		}
	}
	return nil
}

// entry is what is particular to one task.
type entry struct {
	id        string
	payload   []byte
	notBefore time.Time
	retention time.Duration
}

// put enqueues one task and reports whether it was not there yet.
func (c *Client) put(ctx context.Context, spec Spec, e entry) (added bool, err error) {
	if spec.Name == "" || spec.Queue == "" {
		return false, errors.New("a task needs a type and a topic, its queue")
	}
	ctx, span := c.tracer.Start(ctx, "send "+spec.Name,
		trace.WithSpanKind(trace.SpanKindProducer), trace.WithAttributes(attributes("send", spec.Queue, spec.Name, e.id)...))
	defer span.End()
	headers := propagation.MapCarrier{}
	c.deps.Propagator.Inject(ctx, headers)

	options := append(spec.options(), asynq.TaskID(e.id), asynq.Queue(spec.Queue), asynq.Retention(wholeSeconds(e.retention)))
	if !e.notBefore.IsZero() {
		options = append(options, asynq.ProcessAt(endOfSecond(e.notBefore)))
	}
	_, err = c.inner.EnqueueContext(ctx, asynq.NewTaskWithHeaders(spec.Name, e.payload, headers), options...)
	switch {
	case err == nil:
		c.count(spec, sentNew)
		return true, nil
	case errors.Is(err, asynq.ErrTaskIDConflict):
		c.count(spec, sentAgain)
		span.SetAttributes(attribute.Bool("asynq.task.duplicate", true))
		return false, nil
	default:
		c.count(spec, sentFailed)
		span.SetStatus(codes.Error, "enqueue failed")
		return false, c.explain(ctx, spec, err)
	}
}

func (c *Client) explain(ctx context.Context, spec Spec, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("enqueue task %s: %w", spec.Name, ctx.Err())
	}
	return &unavailableError{cause: fmt.Errorf("enqueue task %s: %w", spec.Name, err)}
}

func (c *Client) count(spec Spec, outcome string) {
	task, queue := c.specs.labels(spec.Name, spec.Queue)
	c.sent.WithLabelValues(queue, task, outcome).Inc()
}

// endOfSecond returns the next whole second: Asynq rounds down, and a task must not run early.
func endOfSecond(t time.Time) time.Time {
	if whole := t.Truncate(time.Second); whole.Before(t) {
		return whole.Add(time.Second)
	}
	return t
}

// instrumentation names the spans' origin; the package is copied into services, so it is no import path.
const instrumentation = "create-service/taskqueue"

// attributes describe a message under the names of the OpenTelemetry semantic conventions.
func attributes(operation, queue, task, id string) []attribute.KeyValue {
	return []attribute.KeyValue{
		attribute.String("messaging.system", "asynq"),
		attribute.String("messaging.operation.type", operation),
		attribute.String("messaging.destination.name", queue),
		attribute.String("messaging.message.id", id),
		attribute.String("asynq.task.name", task),
	}
}
