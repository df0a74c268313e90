// Package telemetry makes the traces of a service and sends them to an OpenTelemetry collector. It sets no global:
// whoever makes spans is handed the provider.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/url"
	"time"

	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/service/platform/identity"
)

// Config says where traces go and how many there are.
type Config struct {
	// Endpoint is the URL of the collector's OTLP gRPC port, for example http://otel-collector:4317; https uses TLS.
	// Empty: nothing is exported, trace ids are still made and passed on.
	Endpoint string `env:"OTEL_EXPORTER_OTLP_ENDPOINT"`
	// SampleRatio is the share of traces that begin here and are recorded, 0 to 1. A request that comes with a
	// decision keeps it.
	SampleRatio float64 `env:"TRACE_SAMPLE_RATIO" envDefault:"0.1" min:"0" max:"1"`
	// MaxRate is the most traces a second that begin here and are recorded, whatever their share: at high loads a small part
	// tells as much, and costs less.
	MaxRate int64 `env:"TRACE_MAX_RATE" envDefault:"100" min:"1"`
	// QueueSize is how many ended spans wait for export, about 1 KiB each; when it is full further ones are dropped.
	QueueSize int `env:"TRACE_QUEUE_SIZE" envDefault:"2048" min:"1" max:"65536"`
	// BatchDelay is the longest that an ended span waits before it is sent.
	BatchDelay time.Duration `env:"TRACE_BATCH_DELAY" envDefault:"5s" min:"10ms"`
	// ExportTimeout is how long one batch may take to send, with its repetitions; then it is dropped.
	ExportTimeout time.Duration `env:"TRACE_EXPORT_TIMEOUT" envDefault:"10s" min:"1s"`
}

// Validate checks that the endpoint is a URL.
func (c Config) Validate() error {
	if c.Endpoint == "" {
		return nil
	}
	u, err := url.Parse(c.Endpoint)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return errors.New("OTEL_EXPORTER_OTLP_ENDPOINT must be a URL such as http://otel-collector:4317")
	}
	return nil
}

// Tracing makes spans.
type Tracing struct {
	provider *sdktrace.TracerProvider
	ratio    *ratio
	exporter *reportingExporter
	log      *slog.Logger
}

// Open returns the tracing of a service. It does not wait for the collector, and nothing else ever does: spans that
// cannot be sent are dropped, and log says so at most once a minute.
func Open(ctx context.Context, cfg Config, svc identity.Service, log *slog.Logger) (*Tracing, error) {
	about, err := resource.New(ctx, resource.WithFromEnv(), resource.WithTelemetrySDK(), resource.WithAttributes(
		semconv.ServiceName(svc.Name),
		semconv.ServiceVersion(svc.Version),
		semconv.ServiceInstanceID(svc.Instance),
		semconv.DeploymentEnvironmentNameKey.String(svc.Environment),
	))
	if err != nil {
		return nil, fmt.Errorf("describe the service for tracing: %w", err)
	}
	t := &Tracing{ratio: newRatio(cfg.SampleRatio, cfg.MaxRate), log: log}
	if cfg.Endpoint == "" {
		t.ratio.set(0)
		t.provider = sdktrace.NewTracerProvider(sdktrace.WithResource(about), sdktrace.WithSampler(sdktrace.ParentBased(t.ratio)))
		return t, nil
	}
	client, err := otlptracegrpc.New(ctx, otlptracegrpc.WithEndpointURL(cfg.Endpoint), otlptracegrpc.WithTimeout(cfg.ExportTimeout))
	if err != nil {
		return nil, fmt.Errorf("open the trace exporter: %w", err)
	}
	t.exporter = newReportingExporter(client, log)
	t.provider = sdktrace.NewTracerProvider(
		sdktrace.WithResource(about),
		sdktrace.WithSampler(sdktrace.ParentBased(t.ratio)),
		sdktrace.WithRawSpanLimits(limits()),
		sdktrace.WithBatcher(t.exporter,
			sdktrace.WithMaxQueueSize(cfg.QueueSize),
			sdktrace.WithMaxExportBatchSize(min(cfg.QueueSize, sdktrace.DefaultMaxExportBatchSize)),
			sdktrace.WithBatchTimeout(cfg.BatchDelay),
			sdktrace.WithExportTimeout(cfg.ExportTimeout)),
	)
	return t, nil
}

// limits bounds what one span holds. The counts are OpenTelemetry's defaults; texts, which have no limit there,
// get 1 KiB.
func limits() sdktrace.SpanLimits {
	l := sdktrace.NewSpanLimits()
	l.AttributeValueLengthLimit = 1 << 10
	return l
}

// Provider is what instrumented packages make their tracers with.
func (t *Tracing) Provider() trace.TracerProvider { return t.provider }

// Propagator reads and writes the W3C traceparent and tracestate headers. Baggage is left out: it would carry
// whatever a caller sends into every request that this service makes.
func (t *Tracing) Propagator() propagation.TextMapPropagator { return propagation.TraceContext{} }

// SampleRatio returns the share of recorded traces, 0 to 1, of those that begin here.
func (t *Tracing) SampleRatio() float64 { return t.ratio.get() }

// SetSampleRatio changes it for traces that begin from now on. The error is [ErrNotExported] or says that the share is not
// within 0 and 1.
func (t *Tracing) SetSampleRatio(share float64) error {
	switch {
	case share < 0 || share > 1 || math.IsNaN(share):
		return fmt.Errorf("a share of %v is not within 0 and 1", share)
	case t.exporter == nil:
		return ErrNotExported
	}
	t.ratio.set(share)
	return nil
}

// ErrNotExported says that there is nowhere to send traces to: recording them would only make other services record
// their parts.
var ErrNotExported = errors.New("traces are not exported: OTEL_EXPORTER_OTLP_ENDPOINT is empty")

// Shutdown sends the spans that wait, until shortly before the context ends. Those that are left are dropped, which is
// logged and no error: a service that stops while the collector is away has not failed.
func (t *Tracing) Shutdown(ctx context.Context) error {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)*9/10)
		defer cancel()
	}
	err := t.provider.Shutdown(ctx)
	if t.exporter != nil {
		t.exporter.abandon()
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		t.log.WarnContext(ctx, "the last spans could not be sent in time and are lost")
		return nil
	case err != nil:
		return fmt.Errorf("send the last spans: %w", err)
	default:
		return nil
	}
}
