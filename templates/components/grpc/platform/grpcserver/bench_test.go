package grpcserver_test

import (
	"context"
	"io"
	"math"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/test/bufconn"

	"create-service/templates/components/grpc/platform/grpcserver"
)

// mostAllocations is what the whole chain may add to a call, every call logged. Both sides of a call are counted, so
// that the header with the request id is counted with its way to the client. Compare
//
//	go test -run '^$' -bench . -benchmem -cpu 1 ./components/grpc/platform/grpcserver
const mostAllocations = 30

func BenchmarkBareServer(b *testing.B) {
	benchmark(b, bareServer(b))
}

// BenchmarkChain logs every call and records no span, as with the sampling of production.
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
	floor := allocations(t, bareServer(t))
	for name, sampler := range map[string]sdktrace.Sampler{
		"untraced": sdktrace.NeverSample(),
		"traced":   sdktrace.AlwaysSample(),
	} {
		t.Run(name, func(t *testing.T) {
			got := allocations(t, benchServer(t, math.MaxInt64, sampler)) - floor
			t.Logf("the chain adds %v allocations to the %v of a call", got, floor)
			if got > mostAllocations {
				t.Errorf("the chain adds %v allocations, want at most %d", got, mostAllocations)
			}
		})
	}
}

func benchServer(tb testing.TB, logRate int64, sampler sdktrace.Sampler) grpc_testing.TestServiceClient {
	tb.Helper()
	cfg := config()
	cfg.LogRate = logRate
	server, err := grpcserver.New(cfg, grpcserver.Deps{
		Domain:     "orders",
		Log:        newLog(io.Discard),
		Registry:   prometheus.NewRegistry(),
		Tracing:    sdktrace.NewTracerProvider(sdktrace.WithSampler(sampler)),
		Propagator: propagation.TraceContext{},
		Ready:      func() bool { return true },
	})
	if err != nil {
		tb.Fatalf("New: %v", err)
	}
	grpc_testing.RegisterTestServiceServer(server, answering(nil))
	return inMemory(tb, server.Serve, func() { _ = server.Shutdown(context.Background()) })
}

func bareServer(tb testing.TB) grpc_testing.TestServiceClient {
	tb.Helper()
	server := grpc.NewServer()
	grpc_testing.RegisterTestServiceServer(server, answering(nil))
	return inMemory(tb, server.Serve, server.GracefulStop)
}

// inMemory connects a client and a server without a network.
func inMemory(tb testing.TB, serve func(net.Listener) error, stop func()) grpc_testing.TestServiceClient {
	tb.Helper()
	listener := bufconn.Listen(1 << 20)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = serve(listener)
	}()
	conn, err := grpc.NewClient("passthrough:///memory",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = conn.Close()
		stop()
		<-ended
	})
	return grpc_testing.NewTestServiceClient(conn)
}

// benchmark also reports the CPU time of both sides, which a busy machine does not lengthen as it does the time.
func benchmark(b *testing.B, calls grpc_testing.TestServiceClient) {
	b.Helper()
	b.ReportAllocs()
	before := cpuTime(b)
	for b.Loop() {
		if err := ask(b.Context(), calls); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cpuTime(b)-before)/float64(b.N), "cpu-ns/op")
}

// cpuTime is what this process has used so far.
func cpuTime(tb testing.TB) time.Duration {
	tb.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// allocations counts those of one call, on both sides.
func allocations(t *testing.T, calls grpc_testing.TestServiceClient) float64 {
	t.Helper()
	return testing.AllocsPerRun(1000, func() {
		if err := ask(t.Context(), calls); err != nil {
			t.Error(err)
		}
	})
}
