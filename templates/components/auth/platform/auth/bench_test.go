package auth_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"create-service/templates/components/auth/platform/issuertest"
	"create-service/templates/components/rest/platform/httpserver"
	configuration "create-service/templates/service/platform/config"
	"create-service/templates/service/platform/identity"
	"create-service/templates/service/platform/logging"
)

// The budget: a token that is remembered adds at most a microsecond and 6 allocations to the chain of the REST API. Compare
//
//	go test -run '^$' -bench . -benchmem -cpu 1 ./components/auth/platform/auth
const mostAllocations = 6

func BenchmarkChain(b *testing.B) {
	issuer := issuertest.Start(b, audience)
	token := issuer.Token("orders.read")
	b.Run("without auth", func(b *testing.B) { benchmark(b, benchServer(b, nil), token) })
	b.Run("cached token", func(b *testing.B) {
		benchmark(b, benchServer(b, open(b, config(issuer)).Guard(table()).Authorize), token)
	})
	b.Run("RS256 verified", func(b *testing.B) {
		cfg := config(issuer)
		cfg.CacheSize = 0
		benchmark(b, benchServer(b, open(b, cfg).Guard(table()).Authorize), token)
	})
	b.Run("ES256 verified", func(b *testing.B) {
		issuer.Rotate()
		cfg := config(issuer)
		cfg.CacheSize = 0
		benchmark(b, benchServer(b, open(b, cfg).Guard(table()).Authorize), issuer.Token("orders.read"))
	})
}

func BenchmarkVerify(b *testing.B) {
	issuer := issuertest.Start(b, audience)
	verifier, token := open(b, config(issuer)), issuer.Token("orders.read")
	b.Run("cached", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := verifier.Verify(b.Context(), token); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("cached, parallel", func(b *testing.B) {
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := verifier.Verify(b.Context(), token); err != nil {
					b.Error(err)
				}
			}
		})
	})
}

// TestCachedTokenCost holds the allocations to the budget; what it takes is for the benchmarks to say.
func TestCachedTokenCost(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector makes allocations at random")
	}
	issuer := issuertest.Start(t, audience)
	request := benchRequest(issuer.Token("orders.read"))
	bare, guarded := benchServer(t, nil), benchServer(t, open(t, config(issuer)).Guard(table()).Authorize)
	w := nowhere{header: http.Header{}}
	without := testing.AllocsPerRun(1000, func() { bare.ServeHTTP(w, request) })
	with := testing.AllocsPerRun(1000, func() { guarded.ServeHTTP(w, request) })
	if with-without > mostAllocations {
		t.Errorf("a cached token adds %v allocations, want at most %d", with-without, mostAllocations)
	}
}

func benchmark(b *testing.B, handler http.Handler, token string) {
	b.Helper()
	request, w := benchRequest(token), nowhere{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		handler.ServeHTTP(w, request)
	}
}

func benchRequest(token string) *http.Request {
	r, _ := http.NewRequestWithContext(context.Background(), http.MethodGet, restPath, http.NoBody)
	r.RemoteAddr = "192.0.2.1:40000"
	r.Header.Set("User-Agent", "benchmark/1.0")
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

type authorize func(ctx context.Context, route string, credentials []string) (context.Context, error)

// benchServer logs every request and records no span, as with the sampling of production.
func benchServer(tb testing.TB, decide authorize) http.Handler {
	tb.Helper()
	var cfg struct{ HTTP httpserver.Config }
	if err := configuration.Load(&cfg, []string{"HTTP_LOG_RATE=1000000000"}); err != nil {
		tb.Fatal(err)
	}
	server, err := httpserver.New(cfg.HTTP, httpserver.Deps{
		Log:        newLog(),
		Registry:   prometheus.NewRegistry(),
		Tracing:    sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.NeverSample())),
		Propagator: propagation.TraceContext{},
		Authorize:  decide,
	})
	if err != nil {
		tb.Fatal(err)
	}
	server.Router().GET("/v1/orders/:id", func(c *gin.Context) { c.Status(http.StatusNoContent) })
	return server
}

func newLog() *slog.Logger {
	log, _ := logging.New(io.Discard, logging.Config{}, identity.Service{Name: "orders", Version: "1", Environment: "test", Instance: "i"})
	return log
}

// nowhere is a ResponseWriter that keeps nothing, so that a benchmark measures the server alone.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n nowhere) WriteHeader(int)             {}
