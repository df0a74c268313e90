package httpserver

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// scope gives each request its context: one server span, the caller's trace as its parent, and a deadline. It exists
// because the contributed middleware costs six times as much: this one sets attributes only on spans that are
// recorded.
type scope struct {
	tracer     trace.Tracer
	propagator propagation.TextMapPropagator
	start      []trace.SpanStartOption
	limit      time.Duration
}

func newScope(cfg Config, d Deps) *scope {
	return &scope{
		tracer:     d.Tracing.Tracer("httpserver"),
		propagator: d.Propagator,
		start:      []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindServer)},
		limit:      cfg.HandlerTimeout,
	}
}

// enter runs the rest of the chain in the scope. The deadline ends what the handler waits for, not the handler.
func (s *scope) enter(c *gin.Context) {
	ctx := s.propagator.Extract(c.Request.Context(), carrier{propagation.HeaderCarrier(c.Request.Header)})
	ctx, span := s.tracer.Start(ctx, spanName(c), s.start...)
	defer span.End()
	ctx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	c.Request = c.Request.WithContext(ctx)
	if span.IsRecording() {
		defer describe(span, c)
	}
	c.Next()
}

// carrier reads headers. It knows W3C's own without bringing their names into canonical form first, which allocates.
type carrier struct{ propagation.HeaderCarrier }

// Get returns the first value of a header.
func (h carrier) Get(key string) string {
	switch key {
	case "traceparent":
		key = "Traceparent"
	case "tracestate":
		key = "Tracestate"
	case "baggage":
		key = "Baggage"
	}
	return h.HeaderCarrier.Get(key)
}

// spanName has only as many values as there are routes.
func spanName(c *gin.Context) string {
	method := methodOf(c)
	if method == otherMethod {
		method = "HTTP"
	}
	if c.FullPath() == "" {
		return method
	}
	return method + " " + c.FullPath()
}

// describe sets what OpenTelemetry's conventions require of a server span, except the path and the query: they may
// hold what is not for traces. Only a fault of ours makes the span an error.
func describe(span trace.Span, c *gin.Context) {
	status, failure := outcome(c)
	attributes := []attribute.KeyValue{
		attribute.String("http.request.method", methodOf(c)),
		attribute.Int("http.response.status_code", status),
		attribute.String("http.route", c.FullPath()),
	}
	if c.FullPath() == "" {
		attributes = attributes[:2]
	}
	span.SetAttributes(attributes...)
	if status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
		span.SetAttributes(attribute.String("error.type", strconv.Itoa(status)))
	}
	if failure != nil {
		span.RecordError(failure)
	}
}
