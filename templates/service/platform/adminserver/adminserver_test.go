package adminserver_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/goleak"

	"create-service/templates/service/platform/adminserver"
	"create-service/templates/service/platform/config"
	"create-service/templates/service/platform/health"
	"create-service/templates/service/platform/identity"
	"create-service/templates/service/platform/metrics"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// admin is a running admin server and what it shows.
type admin struct {
	server   *adminserver.Server
	registry *prometheus.Registry
	health   *health.Checks
	level    *slog.LevelVar
	sampling *sampling
}

// sampling is a share of traces that can be changed, unless it says why not.
type sampling struct {
	share   float64
	refusal error
}

func (s *sampling) SampleRatio() float64 { return s.share }

func (s *sampling) SetSampleRatio(share float64) error {
	if s.refusal == nil {
		s.share = share
	}
	return s.refusal
}

func defaults(t *testing.T) adminserver.Config {
	t.Helper()
	var cfg struct{ Admin adminserver.Config }
	if err := config.Load(&cfg, []string{"ADMIN_ADDR=localhost:0"}); err != nil {
		t.Fatal(err)
	}
	return cfg.Admin
}

// start runs an admin server until the test ends.
func start(t *testing.T, cfg adminserver.Config) admin {
	t.Helper()
	a := admin{registry: metrics.NewRegistry(identity.Service{Name: "orders"}), level: new(slog.LevelVar), sampling: &sampling{share: 0.1}}
	log := slog.New(slog.DiscardHandler)
	var err error
	if a.health, err = health.New(health.Config{Interval: time.Hour, Timeout: time.Second}, a.registry, log); err != nil {
		t.Fatal(err)
	}
	if a.server, err = adminserver.Open(t.Context(), cfg, adminserver.Deps{
		Registry: a.registry, Health: a.health, Level: a.level, Sampling: a.sampling, Log: log, KeepMetrics: []string{"requests_by_route"},
	}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- a.server.Run(context.WithoutCancel(t.Context())) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := a.server.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("Shutdown() = %v", err)
		}
		if err := <-done; err != nil {
			t.Errorf("Run() = %v", err)
		}
	})
	return a
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (a admin) send(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "http://"+a.server.Addr()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{status: response.StatusCode, header: response.Header, body: string(content)}
}

func TestRoutes(t *testing.T) {
	a := start(t, defaults(t))
	tests := []struct {
		method, path string
		status       int
		body         string
	}{
		{method: http.MethodGet, path: "/livez", status: 200, body: `{"status":"live"}`},
		{method: http.MethodGet, path: "/readyz", status: 503, body: `{"status":"starting"}`},
		{method: http.MethodGet, path: "/startupz", status: 503, body: `{"status":"starting"}`},
		{method: http.MethodGet, path: "/metrics", status: 200, body: "\ntarget_info{"},
		{method: http.MethodGet, path: "/loglevel", status: 200, body: `{"level":"INFO"}`},
		{method: http.MethodGet, path: "/sampleratio", status: 200, body: `{"ratio":0.1}`},
		{method: http.MethodGet, path: "/debug/pprof/", status: 200, body: "goroutine"},
		{method: http.MethodGet, path: "/debug/pprof/heap?debug=1", status: 200, body: "heap profile"},
		{method: http.MethodGet, path: "/debug/pprof/profile?seconds=61", status: 400, body: "up to 60"},
		{method: http.MethodGet, path: "/debug/pprof/trace?seconds=1e9", status: 400, body: "up to 60"},
		{method: http.MethodGet, path: "/debug/pprof/heap?seconds=NaN", status: 400, body: "up to 60"},
		{method: http.MethodGet, path: "/debug/pprof/trace?seconds=0.05", status: 200, body: "go 1."},
		{method: http.MethodPost, path: "/livez", status: 405, body: "Method Not Allowed"},
		{method: http.MethodDelete, path: "/loglevel", status: 405, body: "Method Not Allowed"},
		{method: http.MethodGet, path: "/", status: 404, body: "not found"},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			got := a.send(t, test.method, test.path, "")
			if got.status != test.status || !strings.Contains(got.body, test.body) {
				t.Errorf("answer %d %.200q, want %d with %q", got.status, got.body, test.status, test.body)
			}
			if got.header.Get("X-Content-Type-Options") != "nosniff" || got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("headers = %v, want nosniff and no-store", got.header)
			}
		})
	}
}

func TestProfilesCanBeTurnedOff(t *testing.T) {
	cfg := defaults(t)
	cfg.Profiles = false
	if got := start(t, cfg).send(t, http.MethodGet, "/debug/pprof/", ""); got.status != http.StatusNotFound {
		t.Errorf("status = %d, want 404", got.status)
	}
}

func TestMetricsCarryExemplars(t *testing.T) {
	a := start(t, defaults(t))
	histogram := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "took_seconds", Buckets: []float64{1}})
	a.registry.MustRegister(histogram)
	span := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled})
	metrics.Observe(trace.ContextWithSpanContext(t.Context(), span), histogram, 500*time.Millisecond)

	got := a.send(t, http.MethodGet, "/metrics", "", "Accept", "application/openmetrics-text; version=1.0.0")
	if kind := got.header.Get("Content-Type"); !strings.HasPrefix(kind, "application/openmetrics-text") {
		t.Errorf("Content-Type = %q, want OpenMetrics", kind)
	}
	if want := `trace_id="01000000000000000000000000000000"`; !strings.Contains(got.body, want) {
		t.Errorf("no %s in the metrics:\n%s", want, got.body)
	}
}

func TestMetricsAreBounded(t *testing.T) {
	cfg := defaults(t)
	cfg.MaxSeries = 300
	a := start(t, cfg)
	counters := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "requests_by_user"}, []string{"user"})
	kept := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "requests_by_route"}, []string{"route"})
	a.registry.MustRegister(counters, kept)
	for i := range 150 {
		counters.WithLabelValues(strings.Repeat("u", i)).Inc()
	}
	for i := range 180 {
		kept.WithLabelValues(strings.Repeat("r", i)).Inc()
	}
	body := a.send(t, http.MethodGet, "/metrics", "").body
	if !strings.Contains(body, "requests_by_route{") {
		t.Errorf("the metric that is to be kept is not shown:\n%s", body)
	}
	if strings.Contains(body, "requests_by_user{") || !strings.Contains(body, "\nmetrics_dropped_families 1\n") || !strings.Contains(body, "target_info{") {
		t.Errorf("metrics of 150 users are shown, or others are not:\n%s", body)
	}
}

func TestTheLogLevelIsChanged(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
		level      slog.Level
	}{
		{name: "debug", body: `{"level":"debug"}`, status: 200, level: slog.LevelDebug},
		{name: "upper case", body: `{"level":"ERROR"}`, status: 200, level: slog.LevelError},
		{name: "unknown level", body: `{"level":"loud"}`, status: 400},
		{name: "unknown member", body: `{"level":"debug","for":"1m"}`, status: 400},
		{name: "no level", body: `{}`, status: 400},
		{name: "no JSON", body: `debug`, status: 400},
		{name: "too large", body: `{"level":"debug"` + strings.Repeat(" ", 2000) + `}`, status: 400},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := start(t, defaults(t))
			got := a.send(t, http.MethodPut, "/loglevel", test.body)
			if got.status != test.status || a.level.Level() != test.level {
				t.Errorf("answer %d %q, level %s; want %d, %s", got.status, got.body, a.level.Level(), test.status, test.level)
			}
		})
	}
}

func TestTheSampleRatioIsChanged(t *testing.T) {
	tests := []struct {
		name, body string
		refusal    error
		status     int
		share      float64
	}{
		{name: "all", body: `{"ratio":1}`, status: 200, share: 1},
		{name: "none", body: `{"ratio":0}`, status: 200, share: 0},
		{name: "too much", body: `{"ratio":1.5}`, status: 400, share: 0.1},
		{name: "negative", body: `{"ratio":-1}`, status: 400, share: 0.1},
		{name: "text", body: `{"ratio":"1"}`, status: 400, share: 0.1},
		{name: "unknown member", body: `{"ratio":1,"for":"1m"}`, status: 400, share: 0.1},
		{name: "no ratio", body: `{}`, status: 400, share: 0.1},
		{name: "nowhere to send traces", body: `{"ratio":1}`, refusal: errors.New("no collector"), status: 409, share: 0.1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := start(t, defaults(t))
			a.sampling.refusal = test.refusal
			got := a.send(t, http.MethodPut, "/sampleratio", test.body)
			if got.status != test.status || a.sampling.share != test.share {
				t.Errorf("answer %d %q, share %v; want %d, %v", got.status, got.body, a.sampling.share, test.status, test.share)
			}
		})
	}
}

func TestProbe(t *testing.T) {
	a := start(t, defaults(t))
	cfg := adminserver.Config{Addr: a.server.Addr()}
	if err := adminserver.Probe(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("Probe() of a starting service = %v, want 503", err)
	}
	a.health.Started()
	if err := adminserver.Probe(t.Context(), cfg); err != nil {
		t.Errorf("Probe() of a ready service = %v", err)
	}
	for _, addr := range []string{"no address", "localhost:1"} {
		if err := adminserver.Probe(t.Context(), adminserver.Config{Addr: addr}); err == nil {
			t.Errorf("Probe() of %q = nil, want an error", addr)
		}
	}
}

func TestOpenReportsAPortInUse(t *testing.T) {
	a := start(t, defaults(t))
	cfg := defaults(t)
	cfg.Addr = a.server.Addr()
	_, err := adminserver.Open(t.Context(), cfg, adminserver.Deps{Registry: a.registry, Health: a.health, Level: a.level, Sampling: a.sampling, Log: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(err.Error(), "ADMIN_ADDR") {
		t.Errorf("Open() = %v, want an error that names ADMIN_ADDR", err)
	}
}

func TestShutdownFreesThePortOfAServerThatNeverRan(t *testing.T) {
	a := start(t, defaults(t))
	cfg, deps := defaults(t), adminserver.Deps{Registry: a.registry, Health: a.health, Level: a.level, Sampling: a.sampling, Log: slog.New(slog.DiscardHandler)}
	for range 2 {
		server, err := adminserver.Open(t.Context(), cfg, deps)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Addr = server.Addr()
		if err := server.Shutdown(t.Context()); err != nil {
			t.Errorf("Shutdown() = %v", err)
		}
		if err := server.Run(t.Context()); err != nil {
			t.Errorf("Run() after Shutdown() = %v, want nil", err)
		}
	}
}

func TestHeadersAreLimited(t *testing.T) {
	a := start(t, defaults(t))
	var dialer net.Dialer
	connection, err := dialer.DialContext(t.Context(), "tcp", a.server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	head := "GET /livez HTTP/1.1\r\nHost: x\r\nX-Large: " + string(bytes.Repeat([]byte("a"), 64<<10)) + "\r\n\r\n"
	if _, err := io.WriteString(connection, head); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status = %d, want 431", response.StatusCode)
	}
}

func TestShutdownCutsOffWhatDoesNotEnd(t *testing.T) {
	a := start(t, defaults(t))
	entered, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	a.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "stuck"}, func() float64 {
		close(entered)
		<-release
		return 1
	}))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+a.server.Addr()+"/metrics", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	scraped := make(chan error, 1)
	go func() {
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			err = response.Body.Close()
		}
		scraped <- err
	}()
	<-entered
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := a.server.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Shutdown() = %v while a request is in flight, want the end of its time", err)
	}
	if err := <-scraped; err == nil {
		t.Error("the request ended well, want it cut off")
	}
}
