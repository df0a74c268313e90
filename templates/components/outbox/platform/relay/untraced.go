package relay

import (
	"context"

	"go.opentelemetry.io/otel/trace"
)

// untraced returns a context in which statements make no spans: a relay asks its outbox many times a second, and nobody
// looks for these in a trace. The delivery of a message is in the trace of the request that sent it.
func untraced(ctx context.Context) context.Context {
	return trace.ContextWithSpanContext(ctx, trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{1},
		SpanID:  trace.SpanID{1},
	}))
}
