package rpc_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace/noop"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/acme/catalog/internal/platform/config"
	"github.com/acme/catalog/internal/platform/grpcserver"
	"github.com/acme/catalog/internal/rpc"
)

// newAPI serves the API as the service does, and returns a connection to it that needs no network.
// It asks for no token, unless an option says otherwise.
func newAPI(t testing.TB, use rpc.UseCases, options ...func(*grpcserver.Deps)) *grpc.ClientConn {
	t.Helper()
	var cfg struct{ GRPC grpcserver.Config }
	if err := config.Load(&cfg, nil); err != nil {
		t.Fatal(err)
	}
	deps := grpcserver.Deps{
		Domain:     "catalog",
		Log:        slog.New(slog.DiscardHandler),
		Registry:   prometheus.NewRegistry(),
		Tracing:    noop.NewTracerProvider(),
		Propagator: propagation.TraceContext{},
		Ready:      func() bool { return true },
	}
	for _, option := range options {
		option(&deps)
	}
	server, err := grpcserver.New(cfg.GRPC, deps)
	if err != nil {
		t.Fatal(err)
	}
	rpc.Register(server, use)
	listener := bufconn.Listen(1 << 20)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	conn, err := grpc.NewClient("passthrough:///memory",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		if err := server.Shutdown(context.Background()); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return conn
}

func TestEveryServiceIsServing(t *testing.T) {
	health := grpc_health_v1.NewHealthClient(newAPI(t, rpc.UseCases{}))
	services := []string{
		"",
		"catalog.v1.ProductService",
	}
	for _, service := range services {
		got, err := health.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: service})
		if err != nil || got.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING {
			t.Errorf("service %q is %v, error %v", service, got.GetStatus(), err)
		}
	}
}

// read fills a message from protobuf's JSON and returns it.
func read[M proto.Message](t testing.TB, into M, text string) M {
	t.Helper()
	if err := protojson.Unmarshal([]byte(text), into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return into
}

// fields is a message as protobuf's JSON has it, with the names of the .proto file and without what is not given.
func fields(t testing.TB, message proto.Message) map[string]any {
	t.Helper()
	text, err := protojson.MarshalOptions{UseProtoNames: true}.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	return object(t, string(text))
}

// wantRefusal checks the code of an answer and that its details name the given fields and rules, as "field: rule".
func wantRefusal(t *testing.T, err error, code codes.Code, violations ...string) {
	t.Helper()
	refusal := status.Convert(err)
	if refusal.Code() != code {
		t.Fatalf("the answer is %v, want %v", err, code)
	}
	named := map[string]bool{}
	for _, detail := range refusal.Details() {
		if bad, ok := detail.(*errdetails.BadRequest); ok {
			for _, v := range bad.GetFieldViolations() {
				named[v.GetField()+": "+strings.ToLower(v.GetReason())] = true
			}
		}
	}
	for _, want := range violations {
		if !named[want] {
			t.Errorf("the answer names %v, want %q", named, want)
		}
	}
}

// object parses a JSON object for comparison.
func object(t testing.TB, text string) map[string]any {
	t.Helper()
	var parsed map[string]any
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return parsed
}
