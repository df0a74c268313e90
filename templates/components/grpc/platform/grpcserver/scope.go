package grpcserver

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// scope gives each call its context: one server span, the caller's trace as its parent, and a deadline. It exists
// because the contributed handler costs far more: this one sets attributes only on spans that are recorded.
type scope struct {
	tracer     trace.Tracer
	propagator propagation.TextMapPropagator
	start      []trace.SpanStartOption
	limit      time.Duration
}

func newScope(cfg Config, d Deps) *scope {
	return &scope{
		tracer:     d.Tracing.Tracer("grpcserver"),
		propagator: d.Propagator,
		start:      []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindServer)},
		limit:      cfg.CallTimeout,
	}
}

// parent adds the caller's trace, in which the span begins. A span's name has only as many values as there are methods.
func (s *scope) parent(ctx context.Context) context.Context {
	return s.propagator.Extract(ctx, incoming(func(key string) string { return first(ctx, key) }))
}

// limited adds the deadline, unless the caller's own is earlier.
func (s *scope) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if deadline, given := ctx.Deadline(); given && time.Until(deadline) <= s.limit {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, s.limit)
}

// incoming reads the caller's metadata as a propagator wants it.
type incoming func(key string) string

// Get returns the first value of a key.
func (get incoming) Get(key string) string { return get(key) }

// Set does nothing: what a caller sent is only read.
func (incoming) Set(string, string) {}

// Keys returns nothing: no propagator that is in use asks.
func (incoming) Keys() []string { return nil }
