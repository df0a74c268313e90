package mysqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// instrumentation names the spans' origin; the package is copied into services, so it is no import path.
const instrumentation = "create-service/mysqldb"

// observer surrounds each statement with a span and a measurement.
type observer struct {
	tracer trace.Tracer
	// attributes are those of every span.
	attributes []attribute.KeyValue
	measured   *instruments
	// limit is the longest that a statement may take. Zero: as long as its context allows.
	limit time.Duration
}

// statement is one call to the server that is under way.
type statement struct {
	observer  *observer
	span      trace.Span
	operation string
	started   time.Time
}

// begin opens a statement. The returned context holds its span; in a trace that nobody records it would only cost, and there is
// none.
func (o *observer) begin(ctx context.Context, query string) (context.Context, *statement) {
	operation := operationOf(query)
	if caller := trace.SpanContextFromContext(ctx); caller.IsValid() && !caller.IsSampled() {
		return ctx, &statement{observer: o, span: noop.Span{}, operation: operation, started: time.Now()}
	}
	ctx, span := o.tracer.Start(ctx, operation, trace.WithSpanKind(trace.SpanKindClient))
	if span.IsRecording() {
		span.SetAttributes(o.attributes...)
		span.SetAttributes(attribute.String("db.operation.name", operation), attribute.String("db.query.text", query))
	}
	return ctx, &statement{observer: o, span: span, operation: operation, started: time.Now()}
}

// end records how the call went and returns its error as callers of this package see it. The context is that of begin.
func (s *statement) end(ctx context.Context, err error) error {
	defer s.span.End()
	if errors.Is(err, driver.ErrSkip) {
		return err
	}
	err = s.explain(ctx.Err(), err)
	class := classOf(err)
	s.observer.measured.observe(ctx, s.operation, class, time.Since(s.started))
	if err != nil {
		s.span.SetAttributes(attribute.String("error.type", class))
		s.span.SetStatus(codes.Error, class)
	}
	return err
}

// explain tells the caller's end and this package's limit from an outage, and an outage from a refusal.
func (s *statement) explain(caller, err error) error {
	limit := s.observer.limit
	switch {
	case !isConnectionError(err):
		return explain(err)
	case caller != nil:
		return caller
	case limit > 0 && time.Since(s.started) >= limit:
		return &unavailableError{cause: fmt.Errorf("%w of %s", errStatementTimeout, limit)}
	default:
		return explain(err)
	}
}

// operationOf returns the statement's first word. Those that are rare share one: each has series of its own.
func operationOf(query string) string {
	word := strings.TrimLeft(query, " \t\r\n")
	if end := strings.IndexAny(word, " \t\r\n("); end >= 0 {
		word = word[:end]
	}
	switch word = strings.ToUpper(word); word {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "BEGIN", "COMMIT", "ROLLBACK":
		return word
	default:
		return "OTHER"
	}
}

func spanAttributes(cfg Config) []attribute.KeyValue {
	host, port, err := net.SplitHostPort(cfg.Addr)
	if err != nil {
		host, port = cfg.Addr, ""
	}
	return []attribute.KeyValue{
		attribute.String("db.system.name", "mysql"),
		attribute.String("db.namespace", cfg.Database),
		attribute.String("server.address", host),
		attribute.String("server.port", port),
	}
}
