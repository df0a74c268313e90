package taskqueue

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/hibiken/asynq"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/service/platform/metrics"
)

// process runs one attempt inside a span of the trace in which the task was sent, and reports it.
func (s *Server) process(ctx context.Context, task *asynq.Task) error {
	s.inHand.Add(1)
	defer s.inHand.Add(-1)
	w := s.workOf(ctx, task)
	ctx = s.client.deps.Propagator.Extract(ctx, propagation.MapCarrier(task.Headers()))
	ctx, span := s.client.tracer.Start(ctx, "process "+w.name,
		trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(attributes("process", w.queue, w.name, w.id)...))
	defer span.End()
	began := time.Now()
	result, err := s.attempt(ctx, w)
	s.report(ctx, w, result, err, time.Since(began))
	return verdictOf(result, err)
}

// workOf collects what Asynq has spread over the task and its context.
func (s *Server) workOf(ctx context.Context, task *asynq.Task) work {
	id, _ := asynq.GetTaskID(ctx)
	queue, _ := asynq.GetQueueName(ctx)
	retried, _ := asynq.GetRetryCount(ctx)
	return work{
		name:    task.Type(),
		id:      id,
		queue:   queue,
		payload: task.Payload(),
		retried: retried,
		spec:    s.client.specs.of(task.Type(), queue),
		handler: s.handlers[task.Type()],
		keep:    task.ResultWriter().Write,
	}
}

// report tells span, metrics and log what became of an attempt.
func (s *Server) report(ctx context.Context, w work, result outcome, err error, took time.Duration) {
	task, queue := s.client.specs.labels(w.name, w.queue)
	metrics.Observe(ctx, s.durations.WithLabelValues(queue, task, string(result)), took)
	span := trace.SpanFromContext(ctx)
	span.SetAttributes(attribute.Int("asynq.task.retries", w.retried), attribute.String("asynq.task.outcome", string(result)))
	if result != done {
		span.SetStatus(codes.Error, string(result))
	}
	log := s.client.deps.Log.With("task.name", w.name, "task.id", w.id, "task.queue", w.queue, "task.attempt", w.retried+1,
		"event.duration", took)
	if thrown, ok := errors.AsType[*panicError](err); ok {
		log = log.With("error.stack_trace", string(thrown.stack))
	}
	logOutcome(ctx, log, result, err)
}

func logOutcome(ctx context.Context, log *slog.Logger, result outcome, err error) {
	switch result {
	case done:
		log.DebugContext(ctx, "task succeeded")
	case retrying:
		log.WarnContext(ctx, "task failed and will be tried again", "error", err)
	case postponed:
		log.WarnContext(ctx, "task is postponed: a store is away", "error", err)
	case archived:
		log.ErrorContext(ctx, "task failed for good and is in the archive", "error", err)
	case compensated:
		log.WarnContext(ctx, "task failed for good and was undone", "error", err)
	case uncompensated:
		log.ErrorContext(ctx, "task failed for good, and undoing it will be tried again", "error", err)
	case abandoned:
		log.WarnContext(ctx, "task was given back", "error", err)
	}
}

// givenUp is called by Asynq for each attempt that did not end well. Those that this package judged are reported
// already; the others went on after their time, or lost their lease because Redis was away.
func (s *Server) givenUp(ctx context.Context, task *asynq.Task, err error) {
	if _, judged := errors.AsType[*verdict](err); judged {
		return
	}
	w := s.workOf(ctx, task)
	s.client.deps.Log.ErrorContext(ctx, "task was given up while its handler went on; it will be tried again",
		"task.name", w.name, "task.id", w.id, "task.queue", w.queue, "task.attempt", w.retried+1, "error", err)
}
