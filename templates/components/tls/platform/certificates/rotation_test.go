package certificates_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace/noop"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health/grpc_health_v1"

	"create-service/templates/components/grpc/platform/grpcserver"
	"create-service/templates/components/rest/platform/httpserver"
	"create-service/templates/components/tls/platform/certtest"
)

// TestRotationUnderLoad replaces the certificates of both sides while calls go on over every kind of connection.
func TestRotationUnderLoad(t *testing.T) {
	authority := newAuthority(t)
	server, caller := join(t, authority, certtest.Leaf{}), join(t, authority, certtest.Leaf{})
	callers := append(restCallers(t, serveREST(t, server), caller), grpcCallers(t, serveGRPC(t, server), caller)...)
	var all sync.WaitGroup
	stop := make(chan struct{})
	for i := range callers {
		all.Go(func() { callers[i].callUntil(stop) })
	}
	const rotations = 20
	for range rotations {
		server.change(t, authority, certtest.Leaf{})
		caller.change(t, authority, certtest.Leaf{})
		for i := range callers {
			callers[i].awaitCalls(t, 2)
		}
	}
	close(stop)
	all.Wait()
	for i := range callers {
		one := &callers[i]
		t.Logf("%s: %d calls", one.name, one.calls.Load())
		require.NoError(t, one.failure, one.name)
	}
	t.Logf("%d rotations, %.0f handshakes", 2*rotations, server.metric(t, `tls_server_handshakes_total{stage="accepted"}`))
}

// caller calls again and again, in one way.
type caller struct {
	name    string
	call    func() error
	calls   atomic.Int64
	failed  atomic.Bool
	failure error
}

// awaitCalls waits until so many more calls have ended, or one has failed.
func (c *caller) awaitCalls(t *testing.T, more int64) {
	t.Helper()
	want := c.calls.Load() + more
	require.Eventually(t, func() bool { return c.calls.Load() >= want || c.failed.Load() }, 30*time.Second, time.Millisecond, c.name)
}

func (c *caller) callUntil(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		if c.failure = c.call(); c.failure != nil {
			c.failed.Store(true)
			return
		}
		c.calls.Add(1)
	}
}

func restCallers(t *testing.T, addr string, p *party) []caller {
	t.Helper()
	transport := func(version string, change func(*http.Transport)) func() error {
		kind := &http.Transport{TLSClientConfig: p.Client(), Protocols: new(http.Protocols)}
		kind.Protocols.SetHTTP1(version == "HTTP/1.1")
		kind.Protocols.SetHTTP2(version == "HTTP/2.0")
		change(kind)
		t.Cleanup(kind.CloseIdleConnections)
		return func() error { return get(&http.Client{Transport: kind}, "https://"+addr+"/", version) }
	}
	lasting, once := func(*http.Transport) {}, func(kind *http.Transport) { kind.DisableKeepAlives = true }
	return []caller{
		{name: "HTTP/1.1, one connection", call: transport("HTTP/1.1", lasting)},
		{name: "HTTP/1.1, a connection each", call: transport("HTTP/1.1", once)},
		{name: "HTTP/2, one connection", call: transport("HTTP/2.0", lasting)},
		{name: "HTTP/2, a connection each", call: transport("HTTP/2.0", once)},
	}
}

func get(client *http.Client, url, version string) error {
	response, err := client.Get(url)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	if response.StatusCode != http.StatusNoContent || response.Proto != version {
		err = errors.Join(err, fmt.Errorf("%s %s", response.Proto, response.Status))
	}
	return errors.Join(err, response.Body.Close())
}

func grpcCallers(t *testing.T, addr string, p *party) []caller {
	t.Helper()
	dial := func() (*grpc.ClientConn, error) {
		return grpc.NewClient(addr, grpc.WithTransportCredentials(credentials.NewTLS(p.Client())))
	}
	check := func(conn *grpc.ClientConn) error {
		_, err := grpc_health_v1.NewHealthClient(conn).Check(context.Background(), &grpc_health_v1.HealthCheckRequest{})
		return err
	}
	lasting, err := dial()
	require.NoError(t, err)
	t.Cleanup(func() { _ = lasting.Close() })
	return []caller{
		{name: "gRPC, one connection", call: func() error { return check(lasting) }},
		{name: "gRPC, a connection each", call: func() error {
			once, err := dial()
			if err != nil {
				return err
			}
			return errors.Join(check(once), once.Close())
		}},
	}
}

// runner is a server of either kind.
type runner interface {
	Listen(ctx context.Context) error
	Run(ctx context.Context) error
	Shutdown(ctx context.Context) error
	Addr() string
}

func serveREST(t *testing.T, p *party) string {
	t.Helper()
	s, err := httpserver.New(httpserver.Config{
		Addr: "127.0.0.1:0", HandlerTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, MaxInFlight: 100, MaxBodyBytes: 1 << 10,
		SLOThreshold: time.Second, LogSlow: time.Minute,
	}, httpserver.Deps{
		Log: silent(), Registry: prometheus.NewRegistry(), Tracing: noop.NewTracerProvider(), Propagator: propagation.TraceContext{}, TLS: p.Server(),
	})
	require.NoError(t, err)
	s.Router().GET("/", func(c *gin.Context) { c.Status(http.StatusNoContent) })
	return run(t, s)
}

func serveGRPC(t *testing.T, p *party) string {
	t.Helper()
	s, err := grpcserver.New(grpcserver.Config{
		Addr: "127.0.0.1:0", CallTimeout: 10 * time.Second, ConnectTimeout: 10 * time.Second, ConnectionAge: time.Hour, ConnectionAgeGrace: time.Hour,
		KeepaliveTime: time.Hour, KeepaliveTimeout: time.Minute, KeepaliveMinTime: time.Second, MaxMessageBytes: 1 << 10,
		MaxHeaderBytes: 1 << 12, MaxStreams: 100, MaxInFlight: 100, SLOThreshold: time.Second, LogSlow: time.Minute,
	}, grpcserver.Deps{
		Domain: "orders", Log: silent(), Registry: prometheus.NewRegistry(), Tracing: noop.NewTracerProvider(), Propagator: propagation.TraceContext{},
		Ready: func() bool { return true }, TLS: p.Server(),
	})
	require.NoError(t, err)
	return run(t, s)
}

// run serves until the test ends and returns the address, with the name localhost.
func run(t *testing.T, s runner) string {
	t.Helper()
	require.NoError(t, s.Listen(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.Run(context.Background()) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		require.NoError(t, errors.Join(s.Shutdown(ctx), <-ended))
	})
	_, port, err := net.SplitHostPort(s.Addr())
	require.NoError(t, err)
	return net.JoinHostPort("localhost", port)
}

// BenchmarkHandshake is a whole connection between two services, and BenchmarkGetConfigForClient what following the files
// adds to it.
func BenchmarkHandshake(b *testing.B) {
	authority := newAuthority(b)
	server, caller := join(b, authority, certtest.Leaf{}), join(b, authority, certtest.Leaf{})
	addr := server.serve(b)
	cfg := caller.Client()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := connect(b, addr, cfg); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGetConfigForClient(b *testing.B) {
	cfg := join(b, newAuthority(b), certtest.Leaf{}).Server()
	hello := &tls.ClientHelloInfo{}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := cfg.GetConfigForClient(hello); err != nil {
			b.Fatal(err)
		}
	}
}
