package httpserver_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"create-service/templates/components/rest/platform/httpserver"
	"create-service/templates/components/rest/platform/problem"
	"create-service/templates/service/platform/identity"
	"create-service/templates/service/platform/logging"
)

// config holds the defaults, on a free port.
func config() httpserver.Config {
	return httpserver.Config{
		Addr:              "127.0.0.1:0",
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		HandlerTimeout:    10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		MaxBodyBytes:      1 << 20,
		MaxInFlight:       256,
		SLOThreshold:      300 * time.Millisecond,
		LogSlow:           time.Second,
		LogRate:           50,
	}
}

// fixture is a server and everything that it reports to.
type fixture struct {
	*httpserver.Server
	registry *prometheus.Registry
	log      *lockedBuffer
	spans    *tracetest.SpanRecorder
}

func newFixture(t testing.TB, cfg httpserver.Config, options ...func(*httpserver.Deps)) *fixture {
	t.Helper()
	f := &fixture{registry: prometheus.NewRegistry(), log: &lockedBuffer{}, spans: tracetest.NewSpanRecorder()}
	deps := httpserver.Deps{
		Log:        newLog(f.log),
		Registry:   f.registry,
		Tracing:    sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(f.spans)),
		Propagator: propagation.TraceContext{},
	}
	for _, option := range options {
		option(&deps)
	}
	server, err := httpserver.New(cfg, deps)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	f.Server = server
	return f
}

func newLog(w io.Writer) *slog.Logger {
	log, _ := logging.New(w, logging.Config{}, identity.Service{Name: "orders", Version: "1", Environment: "test", Instance: "i"})
	return log
}

// do answers a request without a connection. Headers are pairs of name and value.
func (f *fixture) do(method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

// lines are the log's, decoded.
func (f *fixture) lines(t testing.TB) []map[string]any {
	t.Helper()
	var all []map[string]any
	decoder := json.NewDecoder(strings.NewReader(f.log.String()))
	for {
		var line map[string]any
		err := decoder.Decode(&line)
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatalf("the log is not JSON: %v", err)
		}
		all = append(all, line)
	}
}

func readProblem(t testing.TB, w *httptest.ResponseRecorder) problem.Problem {
	t.Helper()
	if got := w.Header().Get("Content-Type"); got != problem.MediaType {
		t.Errorf("Content-Type is %q, want %q", got, problem.MediaType)
	}
	var p problem.Problem
	decoder := json.NewDecoder(bytes.NewReader(w.Body.Bytes()))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		t.Fatalf("the answer is no problem: %v: %s", err, w.Body)
	}
	if p.Status != w.Code {
		t.Errorf("the problem says %d, the status line %d", p.Status, w.Code)
	}
	return p
}

// lockedBuffer is a log that a server may write while a test reads it.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// nowhere is a ResponseWriter that keeps nothing, so that a benchmark measures the server alone.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n nowhere) WriteHeader(int)             {}
