package grpcserver_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/interop/grpc_testing"

	"create-service/templates/components/grpc/platform/grpcserver"
	"create-service/templates/service/platform/identity"
	"create-service/templates/service/platform/logging"
)

const (
	unaryCall  = "grpc.testing.TestService/UnaryCall"
	fullDuplex = "grpc.testing.TestService/FullDuplexCall"
)

// config holds the defaults, on a free port.
func config() grpcserver.Config {
	return grpcserver.Config{
		Addr:               "127.0.0.1:0",
		CallTimeout:        10 * time.Second,
		ConnectTimeout:     5 * time.Second,
		ConnectionAge:      5 * time.Minute,
		ConnectionAgeGrace: 30 * time.Second,
		KeepaliveTime:      time.Minute,
		KeepaliveTimeout:   20 * time.Second,
		KeepaliveMinTime:   10 * time.Second,
		MaxMessageBytes:    4 << 20,
		MaxHeaderBytes:     32 << 10,
		MaxStreams:         250,
		MaxInFlight:        256,
		SLOThreshold:       300 * time.Millisecond,
		LogSlow:            time.Second,
		LogRate:            50,
	}
}

// service is grpc.testing.TestService with the methods that a test gives it.
type service struct {
	grpc_testing.UnimplementedTestServiceServer
	unary  func(context.Context, *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error)
	duplex func(grpc_testing.TestService_FullDuplexCallServer) error
}

func (s *service) UnaryCall(ctx context.Context, in *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
	return s.unary(ctx, in)
}

func (s *service) FullDuplexCall(stream grpc_testing.TestService_FullDuplexCallServer) error {
	return s.duplex(stream)
}

// answering returns a service whose one method answers with err.
func answering(err error) *service {
	return &service{unary: func(context.Context, *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
		return &grpc_testing.SimpleResponse{}, err
	}}
}

// fixture is a running server and everything that it reports to.
type fixture struct {
	*grpcserver.Server
	registry *prometheus.Registry
	log      *lockedBuffer
	spans    *tracetest.SpanRecorder
	ready    atomic.Bool
}

func newFixture(t testing.TB, cfg grpcserver.Config, options ...func(*grpcserver.Deps)) *fixture {
	t.Helper()
	f := &fixture{registry: prometheus.NewRegistry(), log: &lockedBuffer{}, spans: tracetest.NewSpanRecorder()}
	f.ready.Store(true)
	deps := grpcserver.Deps{
		Domain:     "orders",
		Log:        newLog(f.log),
		Registry:   f.registry,
		Tracing:    sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(f.spans)),
		Propagator: propagation.TraceContext{},
		Ready:      f.ready.Load,
	}
	for _, option := range options {
		option(&deps)
	}
	server, err := grpcserver.New(cfg, deps)
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

// start serves the service on a free port until the test ends.
func start(t testing.TB, f *fixture, s *service) {
	t.Helper()
	grpc_testing.RegisterTestServiceServer(f, s)
	if err := f.Listen(context.Background()); err != nil {
		t.Fatalf("Listen: %v", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- f.Run(context.Background()) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := f.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

// dial connects to the server.
func dial(t testing.TB, f *fixture, options ...grpc.DialOption) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(f.Addr(), append(options, grpc.WithTransportCredentials(insecure.NewCredentials()))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// client serves the service with the defaults and returns a client of it.
func client(t testing.TB, s *service) (*fixture, grpc_testing.TestServiceClient) {
	t.Helper()
	f := newFixture(t, config())
	start(t, f, s)
	return f, grpc_testing.NewTestServiceClient(dial(t, f))
}

// lines are the log's, decoded. A call is logged before its client has the answer.
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

// waitForLines waits for the lines of calls that gRPC answered by itself: it does so before the chain knows.
func (f *fixture) waitForLines(t testing.TB, count int) []map[string]any {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if lines := f.lines(t); len(lines) >= count {
			return lines
		}
	}
	t.Fatalf("the log has %d lines, want %d", len(f.lines(t)), count)
	return nil
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

// tcpDial opens a bare connection to the server.
func tcpDial(t *testing.T, f *fixture) net.Conn {
	t.Helper()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", f.Addr())
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}
