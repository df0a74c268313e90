// Package grpcfake stands in for a gRPC peer in tests: a server in memory, called through the same chain as the real one.
package grpcfake

import (
	"context"
	"log/slog"
	"net"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace/noop"
	"google.golang.org/grpc"
	"google.golang.org/grpc/test/bufconn"

	"create-service/templates/components/client-grpc/platform/grpcclient"
	"create-service/templates/service/platform/config"
)

// memory is how many bytes may be on their way.
const memory = 1 << 20

// Serve serves what the function registers until the test ends and returns a connection to it, with the default settings.
func Serve(t testing.TB, peer string, register func(grpc.ServiceRegistrar)) *grpcclient.Conn {
	t.Helper()
	listener := bufconn.Listen(memory)
	server := grpc.NewServer()
	register(server)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return dial(t, peer, listener)
}

func dial(t testing.TB, peer string, listener *bufconn.Listener) *grpcclient.Conn {
	t.Helper()
	var cfg grpcclient.Config
	if err := config.Load(&cfg, []string{"ADDR=passthrough:///" + peer}); err != nil {
		t.Fatal(err)
	}
	conn, err := grpcclient.Open(cfg, grpcclient.Deps{
		Peer:       peer,
		Log:        slog.New(slog.DiscardHandler),
		Registry:   prometheus.NewRegistry(),
		Tracing:    noop.NewTracerProvider(),
		Propagator: propagation.TraceContext{},
		Options: []grpc.DialOption{grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return listener.DialContext(ctx)
		})},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return conn
}
