package httpserver_test

import (
	"context"
	"io"
	"log/slog"
	"math"
	"net/http"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"create-service/templates/components/rest/platform/httpserver"
)

// The budget: with every request logged, the whole chain takes at most four times as long as one log line of seven
// attributes in the same run, and allocates at most 15 times. Compare
//
//	go test -run '^$' -bench . -benchmem -cpu 1 ./components/rest/platform/httpserver
const (
	mostLines       = 4
	mostAllocations = 15
)

const benchPath = "/v1/orders/01890a5d-ac96-774b-bcce-b302099a8057"

func BenchmarkLogLine(b *testing.B) {
	log := newLog(io.Discard)
	for b.Loop() {
		logLine(log)
	}
}

func BenchmarkBareGin(b *testing.B) {
	benchmark(b, bareGin())
}

// BenchmarkChain logs every request and records no span, as with the sampling of production.
func BenchmarkChain(b *testing.B) {
	benchmark(b, benchServer(b, math.MaxInt64, sdktrace.NeverSample()))
}

func BenchmarkChainTraced(b *testing.B) {
	benchmark(b, benchServer(b, math.MaxInt64, sdktrace.AlwaysSample()))
}

func BenchmarkChainLogSampled(b *testing.B) {
	benchmark(b, benchServer(b, 0, sdktrace.NeverSample()))
}

func TestChainAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates")
	}
	floor := allocations(bareGin())
	for name, sampler := range map[string]sdktrace.Sampler{
		"untraced": sdktrace.NeverSample(),
		"traced":   sdktrace.AlwaysSample(),
	} {
		t.Run(name, func(t *testing.T) {
			got := allocations(benchServer(t, math.MaxInt64, sampler)) - floor
			t.Logf("the chain adds %v allocations", got)
			if got > mostAllocations {
				t.Errorf("the chain adds %v allocations, want at most %d", got, mostAllocations)
			}
		})
	}
}

// TestChainTime measures both sides of the ratio in turns and takes the least of each, so that a busy machine slows
// both alike.
func TestChainTime(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("times need a machine that is not busy and no race detector")
	}
	server := benchServer(t, math.MaxInt64, sdktrace.NeverSample())
	log := newLog(io.Discard)
	request, w := benchRequest()
	chain, line := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for range 100 {
		chain = min(chain, timed(func() { server.ServeHTTP(w, request) }))
		line = min(line, timed(func() { logLine(log) }))
	}
	ratio := float64(chain) / float64(line)
	t.Logf("chain %v, log line %v: ratio %.2f", chain, line, ratio)
	if ratio > mostLines {
		t.Errorf("the chain takes %.2f log lines, want at most %d", ratio, mostLines)
	}
}

// timed returns the mean time of one call.
func timed(call func()) time.Duration {
	const calls = 500
	start := time.Now()
	for range calls {
		call()
	}
	return time.Since(start) / calls
}

func logLine(log *slog.Logger) {
	log.LogAttrs(context.Background(), slog.LevelInfo, "request",
		slog.String("http.request.method", http.MethodGet),
		slog.String("http.route", "/v1/orders/:id"),
		slog.Int("http.response.status_code", http.StatusNoContent),
		slog.Int64("event.duration", 123456),
		slog.String("client.ip", "192.0.2.1"),
		slog.String("user_agent.original", "benchmark/1.0"),
		slog.String("http.request.id", "01890a5d-ac96-774b-bcce-b302099a8057"),
	)
}

func benchServer(tb testing.TB, logRate int64, sampler sdktrace.Sampler) http.Handler {
	tb.Helper()
	cfg := config()
	cfg.LogRate = logRate
	server, err := httpserver.New(cfg, httpserver.Deps{
		Log:        newLog(io.Discard),
		Registry:   prometheus.NewRegistry(),
		Tracing:    sdktrace.NewTracerProvider(sdktrace.WithSampler(sampler)),
		Propagator: propagation.TraceContext{},
	})
	if err != nil {
		tb.Fatalf("New: %v", err)
	}
	server.Router().GET("/v1/orders/:id", noContent)
	return server
}

func bareGin() http.Handler {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.GET("/v1/orders/:id", noContent)
	return engine
}

func noContent(c *gin.Context) { c.Status(http.StatusNoContent) }

func benchRequest() (*http.Request, http.ResponseWriter) {
	r, _ := http.NewRequestWithContext(context.Background(), http.MethodGet, benchPath, http.NoBody)
	r.RemoteAddr = "192.0.2.1:40000"
	r.Header.Set("User-Agent", "benchmark/1.0")
	return r, nowhere{header: http.Header{}}
}

func benchmark(b *testing.B, handler http.Handler) {
	b.Helper()
	request, w := benchRequest()
	b.ReportAllocs()
	for b.Loop() {
		handler.ServeHTTP(w, request)
	}
}

// allocations counts those of one request.
func allocations(handler http.Handler) float64 {
	request, w := benchRequest()
	return testing.AllocsPerRun(1000, func() { handler.ServeHTTP(w, request) })
}
