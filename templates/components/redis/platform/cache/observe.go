package cache

import (
	"context"
	"errors"
	"net"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"create-service/templates/service/platform/metrics"
)

// instrumentation names the spans' origin; the package is copied into services, so it is no import path.
const instrumentation = "create-service/cache"

// observer surrounds each command with a span and a measurement. Neither has keys or values.
type observer struct {
	tracer trace.Tracer
	// attributes are those of every span.
	attributes []attribute.KeyValue
	durations  *metrics.Durations[call]
}

// call is what a command is counted under.
type call struct{ operation, class string }

// Values are in the order of the histogram's labels.
func (c call) Values() []string { return []string{c.operation, c.class} }

func newObserver(cfg Config, tracing trace.TracerProvider, measured *instruments) *observer {
	return &observer{
		tracer:     tracing.Tracer(instrumentation),
		attributes: spanAttributes(cfg),
		// Operations and classes are those of this package: no more than this.
		durations: metrics.NewDurations(measured.commands, 50, func(c call) call { return c }),
	}
}

// command is one that is under way.
type command struct {
	observer  *observer
	span      trace.Span
	operation string
	began     time.Time
}

// begin opens a command. The returned context holds its span; in a trace that nobody records it would only cost, and there is
// none.
func (o *observer) begin(ctx context.Context, operation string) (context.Context, *command) {
	if caller := trace.SpanContextFromContext(ctx); caller.IsValid() && !caller.IsSampled() {
		return ctx, &command{observer: o, span: noop.Span{}, operation: operation, began: time.Now()}
	}
	ctx, span := o.tracer.Start(ctx, operation, trace.WithSpanKind(trace.SpanKindClient))
	if span.IsRecording() {
		span.SetAttributes(o.attributes...)
		span.SetAttributes(attribute.String("db.operation.name", operation))
	}
	return ctx, &command{observer: o, span: span, operation: operation, began: time.Now()}
}

// end records how the command went and returns how long it took. The context is that of begin.
func (c *command) end(ctx context.Context, err error) time.Duration {
	defer c.span.End()
	now := time.Now()
	took := now.Sub(c.began)
	class := classOf(err)
	c.observer.durations.Observe(ctx, call{operation: c.operation, class: class}, now, took)
	if class != "" {
		c.span.SetAttributes(attribute.String("error.type", class))
		c.span.SetStatus(codes.Error, class)
	}
	return took
}

// classOf returns what kind of error it is; empty: none.
func classOf(err error) string {
	var network net.Error
	switch {
	case err == nil, errors.Is(err, errMissing):
		return ""
	case errors.Is(err, context.Canceled):
		return "canceled"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout(), errors.Is(err, redis.ErrPoolTimeout):
		return "timeout"
	case isAnswer(err):
		return "refused"
	default:
		return "connection"
	}
}

// isAnswer reports whether the error is what the server said.
func isAnswer(err error) bool {
	var answer redis.Error
	return errors.As(err, &answer)
}

func spanAttributes(cfg Config) []attribute.KeyValue {
	host, port, err := net.SplitHostPort(cfg.Addr)
	if err != nil {
		host, port = cfg.Addr, ""
	}
	return []attribute.KeyValue{
		attribute.String("db.system.name", "redis"),
		attribute.String("db.namespace", strconv.Itoa(cfg.DB)),
		attribute.String("server.address", host),
		attribute.String("server.port", port),
	}
}
