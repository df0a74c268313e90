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
)

// instrumentation names the spans' origin; the package is copied into services, so it is no import path.
const instrumentation = "create-service/mysqldb"

// observer surrounds each statement with a time limit, a span and a measurement.
type observer struct {
	tracer  trace.Tracer
	spans   []trace.SpanStartOption
	metrics *metrics
	// limit is the longest that a statement may take. Zero: as long as its context allows.
	limit time.Duration
}

// statement is one call to the server that is under way.
type statement struct {
	observer  *observer
	caller    context.Context
	span      trace.Span
	operation string
	started   time.Time
}

// begin opens a statement. The returned context bounds it until cancel is called.
func (o *observer) begin(caller context.Context, query string) (s *statement, ctx context.Context, cancel context.CancelFunc) {
	operation := operationOf(query)
	ctx, span := o.tracer.Start(caller, operation, o.spans...)
	if span.IsRecording() {
		span.SetAttributes(attribute.String("db.operation.name", operation), attribute.String("db.query.text", query))
	}
	cancel = func() {}
	if o.limit > 0 {
		ctx, cancel = context.WithTimeout(ctx, o.limit)
	}
	return &statement{observer: o, caller: caller, span: span, operation: operation, started: time.Now()}, ctx, cancel
}

// end records how the call went and returns its error as callers of this package see it.
func (s *statement) end(err error) error {
	defer s.span.End()
	if errors.Is(err, driver.ErrSkip) {
		return err
	}
	err = s.explain(err)
	class := classOf(err)
	s.observer.metrics.observe(s.caller, s.operation, class, time.Since(s.started))
	if err != nil {
		s.span.SetAttributes(attribute.String("error.type", class))
		s.span.SetStatus(codes.Error, class)
	}
	return err
}

// explain tells our limit's end from the caller's, and an outage from a refusal.
func (s *statement) explain(err error) error {
	if errors.Is(err, context.DeadlineExceeded) && s.caller.Err() == nil {
		return &unavailable{cause: fmt.Errorf("%w of %s", errStatementTimeout, s.observer.limit)}
	}
	return explain(err)
}

// operations are the statements that have series and span names of their own; all others share one.
var operations = [...]string{"SELECT", "INSERT", "UPDATE", "DELETE", "BEGIN", "COMMIT", "ROLLBACK"}

func operationOf(query string) string {
	word, _, _ := strings.Cut(strings.TrimLeft(query, " \t\r\n"), " ")
	for _, operation := range operations {
		if strings.EqualFold(word, operation) {
			return operation
		}
	}
	return "OTHER"
}

func spanOptions(cfg Config) []trace.SpanStartOption {
	host, port, err := net.SplitHostPort(cfg.Addr)
	if err != nil {
		host, port = cfg.Addr, ""
	}
	return []trace.SpanStartOption{
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(
			attribute.String("db.system.name", "mysql"),
			attribute.String("db.namespace", cfg.Database),
			attribute.String("server.address", host),
			attribute.String("server.port", port),
		),
	}
}
