package grpcserver

import (
	"context"
	"io"
	"math"
	"net"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"create-service/templates/service/platform/identity"
	"create-service/templates/service/platform/logging"
)

// BenchmarkChainAlone is the chain without what gRPC does around it: every call is logged, no span is recorded.
func BenchmarkChainAlone(b *testing.B) {
	cfg := Config{CallTimeout: 10 * time.Second, MaxInFlight: 256, SLOThreshold: 300 * time.Millisecond, LogSlow: time.Second, LogRate: math.MaxInt64}
	log, _ := logging.New(io.Discard, logging.Config{}, identity.Service{Name: "orders"})
	c, err := newChain(cfg, Deps{
		Domain:     "orders",
		Log:        log,
		Registry:   prometheus.NewRegistry(),
		Tracing:    sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.NeverSample())),
		Propagator: propagation.TraceContext{},
	})
	if err != nil {
		b.Fatal(err)
	}
	method := c.unary("orders.v1.OrderService/GetOrder", func(any, context.Context, func(any) error, grpc.UnaryServerInterceptor) (any, error) {
		return nil, nil
	})
	ctx := peer.NewContext(b.Context(), &peer.Peer{Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 40000}})
	ctx = metadata.NewIncomingContext(ctx, metadata.Pairs("user-agent", "grpc-go/1.85.0",
		"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"))
	ctx = grpc.NewContextWithServerTransportStream(ctx, headerless{})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := method(nil, ctx, nil, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// headerless is a call's connection that keeps no header.
type headerless struct{}

func (headerless) Method() string               { return "/orders.v1.OrderService/GetOrder" }
func (headerless) SetHeader(metadata.MD) error  { return nil }
func (headerless) SendHeader(metadata.MD) error { return nil }
func (headerless) SetTrailer(metadata.MD) error { return nil }
