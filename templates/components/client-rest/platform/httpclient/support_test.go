package httpclient_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"create-service/templates/components/client-rest/platform/httpclient"
	"create-service/templates/components/clients/platform/outbound"
)

// config holds the defaults, but for the URL.
func config(url string) httpclient.Config {
	return httpclient.Config{
		URL: url, ResolveInterval: 5 * time.Second, ConnectTimeout: time.Second,
		IdleConnections: 64, IdleTimeout: 30 * time.Second, ConnectionAge: time.Minute,
		MaxAnswerBytes: 4 << 20, MaxHeaderBytes: 64 << 10,
		Calls: outbound.Config{
			Timeout: 2 * time.Second, Reserve: 50 * time.Millisecond,
			Retries: 2, RetryDelay: 50 * time.Millisecond, RetryBudget: 0.1,
			BreakerWindow: 10 * time.Second, BreakerCalls: 20, BreakerRatio: 0.5, BreakerPause: 5 * time.Second,
		},
	}
}

// backend is a replica of the peer.
type backend struct {
	*httptest.Server
	calls atomic.Int64
	// connections counts those that were opened.
	connections atomic.Int64
}

// startBackend serves on an address of this machine, "127.0.0.1:0" for a free one.
func startBackend(t testing.TB, addr string, answer http.HandlerFunc) *backend {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	b := &backend{}
	b.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.calls.Add(1)
		answer(w, r)
	}))
	b.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			b.connections.Add(1)
		}
	}
	_ = b.Listener.Close()
	b.Listener = listener
	b.Start()
	t.Cleanup(b.Close)
	return b
}

// replicas starts backends that share a port, as the pods of one Service do.
func replicas(t testing.TB, answer http.HandlerFunc, hosts ...string) []*backend {
	t.Helper()
	first := startBackend(t, net.JoinHostPort(hosts[0], "0"), answer)
	all := []*backend{first}
	_, port, _ := net.SplitHostPort(first.Listener.Addr().String())
	for _, host := range hosts[1:] {
		all = append(all, startBackend(t, net.JoinHostPort(host, port), answer))
	}
	return all
}

func portOf(b *backend) string {
	_, port, _ := net.SplitHostPort(b.Listener.Addr().String())
	return port
}

func fine(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// hang does not answer before the caller gives up.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func answering(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}

// names is a DNS that a test can change.
type names struct {
	mu      sync.Mutex
	hosts   []string
	err     error
	lookUps int
}

func (n *names) set(err error, hosts ...string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.hosts, n.err = hosts, err
}

// LookupHost implements [httpclient.Resolver].
func (n *names) LookupHost(context.Context, string) ([]string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lookUps++
	return append([]string(nil), n.hosts...), n.err
}

// fixture is a client and what it reports to.
type fixture struct {
	*httpclient.Client
	registry *prometheus.Registry
	spans    *tracetest.SpanRecorder
}

func open(t testing.TB, url string, change func(*httpclient.Config, *httpclient.Deps)) *fixture {
	t.Helper()
	f := &fixture{registry: prometheus.NewRegistry(), spans: tracetest.NewSpanRecorder()}
	cfg := config(url)
	deps := httpclient.Deps{
		Peer:       "inventory",
		Log:        slog.New(slog.DiscardHandler),
		Registry:   f.registry,
		Tracing:    sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(f.spans)),
		Propagator: propagation.TraceContext{},
	}
	if change != nil {
		change(&cfg, &deps)
	}
	client, err := httpclient.Open(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	f.Client = client
	t.Cleanup(func() {
		if err := client.Shutdown(context.Background()); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
	})
	return f
}

// get reads from the peer.
func (f *fixture) get(ctx context.Context) error {
	_, err := f.Do(ctx, httpclient.Request{Method: http.MethodGet, Route: "/v1/items/{id}", Path: "/v1/items/1"})
	return err
}

// eventually waits until something holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within 20s", what)
		}
	}
}
