package telemetry

import (
	"context"
	"log/slog"
	"sync"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// reportPeriod is the shortest time between two log lines about spans that could not be sent.
const reportPeriod = time.Minute

// reportingExporter sends spans and logs failures itself. An error that it returned would go to OpenTelemetry's
// global error handler, which prints lines that are no JSON. Calling abandon ends the export under way and all later
// ones.
type reportingExporter struct {
	sdktrace.SpanExporter
	log       *slog.Logger
	abandoned chan struct{}
	abandon   func()

	mu       sync.Mutex
	lost     int
	reported time.Time
}

func newReportingExporter(to sdktrace.SpanExporter, log *slog.Logger) *reportingExporter {
	abandoned := make(chan struct{})
	return &reportingExporter{
		SpanExporter: to,
		log:          log,
		abandoned:    abandoned,
		abandon:      sync.OnceFunc(func() { close(abandoned) }),
	}
}

// ExportSpans sends a batch, unless the exporter was abandoned, and never fails.
func (e *reportingExporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-e.abandoned:
			cancel()
		case <-ctx.Done():
		}
	}()
	if err := e.SpanExporter.ExportSpans(ctx, spans); err != nil {
		e.report(ctx, len(spans), err)
	}
	return nil
}

func (e *reportingExporter) report(ctx context.Context, lost int, err error) {
	e.mu.Lock()
	e.lost += lost
	total, due := e.lost, time.Since(e.reported) >= reportPeriod
	if due {
		e.lost, e.reported = 0, time.Now()
	}
	e.mu.Unlock()
	if due {
		e.log.WarnContext(ctx, "spans could not be sent and are lost", "spans", total, "error", err)
	}
}
