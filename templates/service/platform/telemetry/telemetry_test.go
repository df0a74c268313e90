package telemetry_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/goleak"

	"create-service/templates/service/platform/config"
	"create-service/templates/service/platform/identity"
	"create-service/templates/service/platform/otlptest"
	"create-service/templates/service/platform/telemetry"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func service() identity.Service {
	return identity.Service{Name: "orders", Version: "v1.2.3", Environment: "prod", Instance: "orders-1"}
}

func load(t *testing.T, environ ...string) telemetry.Config {
	t.Helper()
	var cfg struct{ Telemetry telemetry.Config }
	if err := config.Load(&cfg, environ); err != nil {
		t.Fatal(err)
	}
	return cfg.Telemetry
}

func open(t *testing.T, log *slog.Logger, environ ...string) *telemetry.Tracing {
	t.Helper()
	tracing, err := telemetry.Open(t.Context(), load(t, environ...), service(), log)
	if err != nil {
		t.Fatal(err)
	}
	return tracing
}

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

func shutdown(t *testing.T, tracing *telemetry.Tracing) {
	t.Helper()
	if err := tracing.Shutdown(t.Context()); err != nil {
		t.Errorf("Shutdown() = %v", err)
	}
}

// remote is the context of a request whose caller has decided about sampling.
func remote(ctx context.Context, flags trace.TraceFlags) context.Context {
	return trace.ContextWithRemoteSpanContext(ctx, trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: flags, Remote: true,
	}))
}

// arrived returns how many spans the collector has.
func arrived(t *testing.T, collector *otlptest.Receiver) int {
	t.Helper()
	spans, err := collector.Spans()
	if err != nil {
		t.Fatal(err)
	}
	return len(spans)
}

func TestSpansReachTheCollector(t *testing.T) {
	collector := otlptest.Start(t)
	tracing := open(t, silent(), "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL, "TRACE_SAMPLE_RATIO=1")
	ctx, parent := tracing.Provider().Tracer("test").Start(t.Context(), "parent")
	_, child := tracing.Provider().Tracer("test").Start(ctx, "child", trace.WithAttributes(attribute.String("long", strings.Repeat("x", 5000))))
	child.End()
	parent.End()
	shutdown(t, tracing)

	path := otlptest.WantPath(t, collector.Spans, "orders: parent", "orders: child")
	if got := len(path[1].Attributes["long"]); got != 1024 {
		t.Errorf("an attribute of 5000 bytes arrived with %d, want 1024", got)
	}
	resource := path[1].Resource
	for key, want := range map[string]string{
		"service.name": "orders", "service.version": "v1.2.3", "service.instance.id": "orders-1", "deployment.environment.name": "prod",
	} {
		if resource[key] != want {
			t.Errorf("resource %s = %q, want %q", key, resource[key], want)
		}
	}
}

func TestSampling(t *testing.T) {
	tests := []struct {
		name   string
		ratio  string
		parent func(context.Context) context.Context
		want   bool
	}{
		{name: "all", ratio: "1", want: true},
		{name: "none", ratio: "0", want: false},
		{name: "the caller wants it", ratio: "0", parent: func(ctx context.Context) context.Context { return remote(ctx, trace.FlagsSampled) }, want: true},
		{name: "the caller does not want it", ratio: "1", parent: func(ctx context.Context) context.Context { return remote(ctx, 0) }, want: false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			collector := otlptest.Start(t)
			tracing := open(t, silent(), "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL, "TRACE_SAMPLE_RATIO="+test.ratio)
			ctx := t.Context()
			if test.parent != nil {
				ctx = test.parent(ctx)
			}
			_, span := tracing.Provider().Tracer("test").Start(ctx, "span")
			span.End()
			shutdown(t, tracing)
			if got := arrived(t, collector) == 1; got != test.want || span.SpanContext().IsSampled() != test.want {
				t.Errorf("exported %t, sampled %t; want %t", got, span.SpanContext().IsSampled(), test.want)
			}
		})
	}
}

func TestTheSampleRatioChangesInUse(t *testing.T) {
	collector := otlptest.Start(t)
	tracing := open(t, silent(), "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL, "TRACE_SAMPLE_RATIO=0")
	tracer := tracing.Provider().Tracer("test")
	for _, share := range []float64{0, 1, 0} {
		if err := tracing.SetSampleRatio(share); err != nil || tracing.SampleRatio() != share {
			t.Fatalf("SetSampleRatio(%v) = %v, afterwards %v", share, err, tracing.SampleRatio())
		}
		_, span := tracer.Start(t.Context(), "span")
		span.End()
	}
	shutdown(t, tracing)
	if got := arrived(t, collector); got != 1 {
		t.Errorf("%d spans arrived, want the one in the middle", got)
	}
}

func TestTheSampleRatioIsRefused(t *testing.T) {
	collector := otlptest.Start(t)
	tracing := open(t, silent(), "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL, "TRACE_SAMPLE_RATIO=0.5")
	for _, share := range []float64{-0.1, 1.1, math.NaN()} {
		if err := tracing.SetSampleRatio(share); err == nil || tracing.SampleRatio() != 0.5 {
			t.Errorf("SetSampleRatio(%v) = %v, afterwards %v; want an error and 0.5", share, err, tracing.SampleRatio())
		}
	}
	shutdown(t, tracing)

	nowhere := open(t, silent())
	if err := nowhere.SetSampleRatio(1); !errors.Is(err, telemetry.ErrNotExported) || nowhere.SampleRatio() != 0 {
		t.Errorf("SetSampleRatio() without a collector = %v, afterwards %v; want ErrNotExported and 0", err, nowhere.SampleRatio())
	}
	shutdown(t, nowhere)
}

func TestTracesHaveAHighestRate(t *testing.T) {
	collector := otlptest.Start(t)
	tracing := open(t, silent(), "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.URL, "TRACE_SAMPLE_RATIO=1", "TRACE_MAX_RATE=10")
	tracer := tracing.Provider().Tracer("test")
	began, sampled := time.Now(), 0
	for range 1000 {
		ctx, span := tracer.Start(t.Context(), "span")
		_, child := tracer.Start(ctx, "child")
		if child.SpanContext().IsSampled() != span.SpanContext().IsSampled() {
			t.Fatal("a trace is recorded in part")
		}
		if span.SpanContext().IsSampled() {
			sampled++
		}
		child.End()
		span.End()
	}
	if most := 10 * (2 + int(time.Since(began).Seconds())); sampled < 10 || sampled > most {
		t.Errorf("%d traces were recorded, want 10 to %d", sampled, most)
	}
	_, wanted := tracer.Start(remote(t.Context(), trace.FlagsSampled), "span")
	if !wanted.SpanContext().IsSampled() {
		t.Error("a trace that its caller records is not recorded")
	}
	wanted.End()
	shutdown(t, tracing)
}

func TestWithoutAnEndpointTracesAreOnlyPassedOn(t *testing.T) {
	tracing := open(t, silent(), "TRACE_SAMPLE_RATIO=1")
	tracer := tracing.Provider().Tracer("test")
	_, own := tracer.Start(t.Context(), "own")
	if !own.SpanContext().IsValid() || own.SpanContext().IsSampled() {
		t.Errorf("own span %v: want ids, and not sampled", own.SpanContext())
	}
	ctx, served := tracer.Start(remote(t.Context(), trace.FlagsSampled), "served")
	defer served.End()
	header := http.Header{}
	tracing.Propagator().Inject(ctx, propagation.HeaderCarrier(header))
	if got := header.Get("Traceparent"); !strings.HasPrefix(got, "00-01000000000000000000000000000000-") || !strings.HasSuffix(got, "-01") {
		t.Errorf("traceparent = %q, want the caller's trace and decision", got)
	}
	shutdown(t, tracing)
}

func TestBaggageIsNotPassedOn(t *testing.T) {
	tracing := open(t, silent())
	if diff := cmp.Diff([]string{"traceparent", "tracestate"}, slices.Sorted(slices.Values(tracing.Propagator().Fields()))); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	shutdown(t, tracing)
}

// A collector that is away or hangs holds nothing up, neither requests nor the shutdown, and is told once.
func TestABadCollectorHoldsNothingUp(t *testing.T) {
	tests := []struct {
		name string
		url  func(t *testing.T) string
	}{
		{name: "away", url: func(*testing.T) string { return "http://localhost:1" }},
		{name: "hangs", url: func(t *testing.T) string { t.Helper(); return otlptest.StartSilent(t).URL }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			global := captureGlobalErrors(t)
			log := new(lockedBuffer)
			tracing := open(t, slog.New(slog.NewTextHandler(log, nil)), "OTEL_EXPORTER_OTLP_ENDPOINT="+test.url(t), "TRACE_SAMPLE_RATIO=1", "TRACE_BATCH_DELAY=10ms")
			began := time.Now()
			tracer := tracing.Provider().Tracer("test")
			for range 20_000 {
				_, span := tracer.Start(t.Context(), "span")
				span.End()
			}
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			if err := tracing.Shutdown(ctx); err != nil {
				t.Errorf("Shutdown() = %v, want nil", err)
			}
			if ctx.Err() != nil {
				t.Error("Shutdown() came back after its time was over")
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("20,000 spans and the shutdown took %s", took)
			}
			for range 100 {
				if strings.Contains(log.String(), "spans could not be sent and") {
					break
				}
				time.Sleep(20 * time.Millisecond)
			}
			if n := strings.Count(log.String(), "spans could not be sent and"); n != 1 {
				t.Errorf("the loss was logged %d times, want once:\n%s", n, log.String())
			}
			if !strings.Contains(log.String(), "last spans") {
				t.Errorf("the loss at the end was not logged:\n%s", log.String())
			}
			if got := global.String(); got != "" {
				t.Errorf("OpenTelemetry's global handler got %s", got)
			}
		})
	}
}

// lockedBuffer takes lines of any goroutine.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

// captureGlobalErrors returns where the errors go that OpenTelemetry tells nobody else, until the test ends.
func captureGlobalErrors(t *testing.T) *lockedBuffer {
	t.Helper()
	caught, before := new(lockedBuffer), otel.GetErrorHandler()
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { _, _ = caught.Write([]byte(err.Error() + "\n")) }))
	t.Cleanup(func() { otel.SetErrorHandler(before) })
	return caught
}

func TestConfigWantsAURL(t *testing.T) {
	tests := map[string]bool{
		"":                           true,
		"http://otel-collector:4317": true,
		"https://collector.example":  true,
		"otel-collector:4317":        false,
		"http://":                    false,
		"ftp://otel-collector":       false,
		"http://[":                   false,
	}
	for endpoint, valid := range tests {
		cfg := telemetry.Config{Endpoint: endpoint}
		err := cfg.Validate()
		if (err == nil) != valid {
			t.Errorf("Validate() of %q = %v, want valid %t", endpoint, err, valid)
		}
		if err != nil && !strings.HasPrefix(err.Error(), "OTEL_EXPORTER_OTLP_ENDPOINT ") {
			t.Errorf("Validate() of %q = %v, want the key in front", endpoint, err)
		}
	}
}

func TestOpenSetsNoGlobals(t *testing.T) {
	provider, propagator := otel.GetTracerProvider(), otel.GetTextMapPropagator()
	shutdown(t, open(t, silent()))
	if otel.GetTracerProvider() != provider || otel.GetTextMapPropagator() != propagator {
		t.Error("Open() changed a global")
	}
}
