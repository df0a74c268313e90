package taskqueue_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/components/asynq/platform/taskqueue"
)

// named returns the ended spans with the given name, in the order of their ends.
func (q *queue) named(name string) []sdktrace.ReadOnlySpan {
	var found []sdktrace.ReadOnlySpan
	for _, span := range q.spans.Ended() {
		if span.Name() == name {
			found = append(found, span)
		}
	}
	return found
}

func TestEveryAttemptIsInTheTraceOfWhoSentTheTask(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec())
	q.serve(t, taskqueue.Handle(noteName, func(ctx context.Context, task taskqueue.Task[note]) error {
		_, span := trace.SpanFromContext(ctx).TracerProvider().Tracer("test").Start(ctx, "work")
		span.End()
		if task.Attempt == 1 {
			return errors.New("not yet")
		}
		return nil
	}))
	ctx, request := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(q.spans)).Tracer("test").Start(t.Context(), "request")
	m := noteMessage("x")
	require.NoError(t, q.Send(ctx, m))
	request.End()
	q.await(t, m.ID.String(), asynq.TaskStateCompleted)

	require.Eventually(t, func() bool { return len(q.named("process note")) == 2 }, noteSpan, 5*time.Millisecond)
	sent := q.named("send note")
	require.Len(t, sent, 1)
	require.Equal(t, trace.SpanKindProducer, sent[0].SpanKind())
	require.Equal(t, request.SpanContext().SpanID(), sent[0].Parent().SpanID())
	attempts, work := q.named("process note"), q.named("work")
	require.Len(t, work, 2)
	for i, attempt := range attempts {
		require.Equal(t, trace.SpanKindConsumer, attempt.SpanKind())
		require.Equal(t, request.SpanContext().TraceID(), attempt.SpanContext().TraceID())
		require.Equal(t, sent[0].SpanContext().SpanID(), attempt.Parent().SpanID())
		require.Equal(t, attempt.SpanContext().SpanID(), work[i].Parent().SpanID())
	}
	require.Equal(t, codes.Error, attempts[0].Status().Code)
	require.Equal(t, codes.Unset, attempts[1].Status().Code)
}
