package grpcclient_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/emptypb"

	"create-service/templates/components/client-grpc/platform/grpcclient"
	"create-service/templates/components/clients/platform/outbound"
)

// Methods of a service whose contract says which may be repeated.
const (
	reading  = "/grpcclient.test.Items/Get"
	setting  = "/grpcclient.test.Items/Set"
	creating = "/grpcclient.test.Items/Create"
)

// contract registers that service, as a generated package does.
var contract = sync.OnceValue(func() error {
	method := func(name string, level descriptorpb.MethodOptions_IdempotencyLevel) *descriptorpb.MethodDescriptorProto {
		empty := proto.String(".google.protobuf.Empty")
		input := empty
		if name == "Create" {
			input = proto.String(".grpcclient.test.CreateRequest")
		}
		return &descriptorpb.MethodDescriptorProto{
			Name: proto.String(name), InputType: input, OutputType: empty,
			Options: &descriptorpb.MethodOptions{IdempotencyLevel: level.Enum()},
		}
	}
	file, err := protodesc.NewFile(&descriptorpb.FileDescriptorProto{
		Name:    proto.String("grpcclient/test/items.proto"),
		Package: proto.String("grpcclient.test"),
		MessageType: []*descriptorpb.DescriptorProto{{
			Name: proto.String("CreateRequest"),
			Field: []*descriptorpb.FieldDescriptorProto{{
				Name: proto.String("request_id"), Number: proto.Int32(1),
				Type: descriptorpb.FieldDescriptorProto_TYPE_STRING.Enum(), Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum(),
			}},
		}},
		Dependency: []string{emptypb.File_google_protobuf_empty_proto.Path()},
		Service: []*descriptorpb.ServiceDescriptorProto{{Name: proto.String("Items"), Method: []*descriptorpb.MethodDescriptorProto{
			method("Get", descriptorpb.MethodOptions_NO_SIDE_EFFECTS),
			method("Set", descriptorpb.MethodOptions_IDEMPOTENT),
			method("Create", descriptorpb.MethodOptions_IDEMPOTENCY_UNKNOWN),
		}}},
	}, protoregistry.GlobalFiles)
	return errors.Join(err, protoregistry.GlobalFiles.RegisterFile(file))
})

// createRequest is a request of Create, with the id that names its repetitions.
func createRequest(t testing.TB, id string) proto.Message {
	t.Helper()
	if err := contract(); err != nil {
		t.Fatal(err)
	}
	found, err := protoregistry.GlobalFiles.FindDescriptorByName("grpcclient.test.CreateRequest")
	if err != nil {
		t.Fatal(err)
	}
	descriptor, ok := found.(protoreflect.MessageDescriptor)
	if !ok {
		t.Fatalf("%T is no message", found)
	}
	request := dynamicpb.NewMessage(descriptor)
	request.Set(descriptor.Fields().ByName("request_id"), protoreflect.ValueOfString(id))
	return request
}

// config holds the defaults, but for the address.
func config(addr string) grpcclient.Config {
	return grpcclient.Config{
		Addr: addr, ConnectTimeout: time.Second,
		KeepaliveTime: 20 * time.Second, KeepaliveTimeout: 5 * time.Second, MaxMessageBytes: 4 << 20,
		Calls: outbound.Config{
			Timeout: 2 * time.Second, Reserve: 50 * time.Millisecond,
			Retries: 2, RetryDelay: 50 * time.Millisecond, RetryBudget: 0.1,
			BreakerWindow: 10 * time.Second, BreakerCalls: 20, BreakerRatio: 0.5, BreakerPause: 5 * time.Second,
		},
	}
}

// backend is a replica of the peer that answers every method in the same way.
type backend struct {
	addr   string
	server *grpc.Server
	health *health.Server
	calls  atomic.Int64
}

// handler answers a call.
type handler func(ctx context.Context) error

func startBackend(t testing.TB, answer handler) *backend {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &backend{addr: listener.Addr().String(), health: health.NewServer()}
	b.server = grpc.NewServer(grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
		b.calls.Add(1)
		if err := stream.RecvMsg(&emptypb.Empty{}); err != nil {
			return err
		}
		if err := answer(stream.Context()); err != nil {
			return err
		}
		return stream.SendMsg(&emptypb.Empty{})
	}))
	grpc_health_v1.RegisterHealthServer(b.server, b.health)
	go func() { _ = b.server.Serve(listener) }()
	t.Cleanup(b.server.Stop)
	return b
}

func fine(context.Context) error { return nil }

// hang does not answer before the caller gives up.
func hang(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

// fixture is a connection and what it reports to.
type fixture struct {
	*grpcclient.Conn
	names    *manual.Resolver
	registry *prometheus.Registry
	spans    *tracetest.SpanRecorder
}

// dial connects to backends by a name that the test can give other addresses.
func dial(t testing.TB, change func(*grpcclient.Config, *grpcclient.Deps), backends ...*backend) *fixture {
	t.Helper()
	if err := contract(); err != nil {
		t.Fatal(err)
	}
	f := &fixture{names: manual.NewBuilderWithScheme("test"), registry: prometheus.NewRegistry(), spans: tracetest.NewSpanRecorder()}
	f.names.InitialState(addresses(backends))
	cfg := config("test:///inventory")
	deps := grpcclient.Deps{
		Peer:       "inventory",
		Log:        slog.New(slog.DiscardHandler),
		Registry:   f.registry,
		Tracing:    sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(f.spans)),
		Propagator: propagation.TraceContext{},
		Options:    []grpc.DialOption{grpc.WithResolvers(f.names)},
	}
	if change != nil {
		change(&cfg, &deps)
	}
	conn, err := grpcclient.Open(cfg, deps)
	if err != nil {
		t.Fatal(err)
	}
	f.Conn = conn
	t.Cleanup(func() {
		if err := conn.Shutdown(context.Background()); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
	})
	return f
}

func addresses(backends []*backend) resolver.State {
	var state resolver.State
	for _, b := range backends {
		state.Addresses = append(state.Addresses, resolver.Address{Addr: b.addr})
	}
	return state
}

// call calls a method of the peer.
func (f *fixture) call(ctx context.Context, method string) error {
	return f.Invoke(ctx, method, &emptypb.Empty{}, &emptypb.Empty{})
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

// serve serves what the function registers and returns the address.
func serve(t testing.TB, register func(grpc.ServiceRegistrar)) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	register(server)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}
