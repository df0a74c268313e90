package grpcserver_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"create-service/templates/components/grpc/platform/grpcserver"
)

func TestNewRefusesBadSettings(t *testing.T) {
	tests := []struct {
		name   string
		change func(*grpcserver.Config)
		want   string
	}{
		{"no port", func(c *grpcserver.Config) { c.Addr = "localhost" }, "GRPC_ADDR"},
		{"connections that end before calls", func(c *grpcserver.Config) { c.ConnectionAgeGrace = c.CallTimeout }, "GRPC_CONNECTION_AGE_GRACE"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := config()
			tt.change(&cfg)
			_, err := grpcserver.New(cfg, grpcserver.Deps{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("the error is %v, want one about %s", err, tt.want)
			}
		})
	}
}

func TestNewRefusesMetricsThatAreThere(t *testing.T) {
	f := newFixture(t, config())
	_, err := grpcserver.New(config(), grpcserver.Deps{Log: newLog(io.Discard), Registry: f.registry})
	if err == nil {
		t.Error("two servers share one registry")
	}
}

func TestAddressInUse(t *testing.T) {
	first := newFixture(t, config())
	start(t, first, answering(nil))
	cfg := config()
	cfg.Addr = first.Addr()
	if err := newFixture(t, cfg).Run(t.Context()); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("Run on a taken address: %v", err)
	}
}

func TestShutdownWithoutRunGivesTheAddressBack(t *testing.T) {
	f := newFixture(t, config())
	if err := f.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := f.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := f.Run(t.Context()); err != nil {
		t.Errorf("Run after Shutdown: %v, want its end at once", err)
	}
	cfg := config()
	cfg.Addr = f.Addr()
	start(t, newFixture(t, cfg), answering(nil))
}

func TestRunReportsAListenerThatBreaks(t *testing.T) {
	f := newFixture(t, config())
	listener := broken{errors.New("broken")}
	if err := f.Serve(listener); err == nil || !strings.Contains(err.Error(), "broken") {
		t.Errorf("Serve: %v", err)
	}
}

// broken is a listener that fails.
type broken struct{ err error }

func (b broken) Accept() (net.Conn, error) { return nil, b.err }
func (broken) Close() error                { return nil }
func (broken) Addr() net.Addr              { return &net.TCPAddr{} }

func TestLargeMessagesAreRefused(t *testing.T) {
	cfg := config()
	cfg.MaxMessageBytes = 1024
	f := newFixture(t, cfg)
	start(t, f, &service{
		unary: answering(nil).unary,
		duplex: func(stream grpc_testing.TestService_FullDuplexCallServer) error {
			_, err := stream.Recv()
			return err
		},
	})
	calls := grpc_testing.NewTestServiceClient(dial(t, f))
	payload := &grpc_testing.Payload{Body: make([]byte, 2000)}
	_, err := calls.UnaryCall(t.Context(), &grpc_testing.SimpleRequest{Payload: payload})
	wantCode(t, err, codes.ResourceExhausted)
	stream, err := calls.FullDuplexCall(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(&grpc_testing.StreamingOutputCallRequest{Payload: payload}); err != nil {
		t.Fatal(err)
	}
	_, err = stream.Recv()
	wantCode(t, err, codes.ResourceExhausted)
	for _, line := range f.waitForLines(t, 2) {
		if line["rpc.response.status_code"] != "RESOURCE_EXHAUSTED" || line["log.level"] != "info" {
			t.Errorf("the call is logged as %v", line)
		}
	}
}

// rawBytes is a codec that sends bytes as they are under the name of the usual one.
type rawBytes struct{}

func (rawBytes) Marshal(v any) ([]byte, error) {
	text, _ := v.(*string)
	return []byte(*text), nil
}

func (rawBytes) Unmarshal([]byte, any) error { return nil }
func (rawBytes) Name() string                { return "proto" }

func TestBrokenMessagesAreTheCallersFault(t *testing.T) {
	f, _ := client(t, answering(nil))
	err := dial(t, f).Invoke(t.Context(), "/"+unaryCall, new("\xff\xff"), new(string), grpc.ForceCodec(rawBytes{}))
	wantCode(t, err, codes.Internal)
	if line := f.waitForLines(t, 1)[0]; line["rpc.response.status_code"] != "INVALID_ARGUMENT" || line["log.level"] != "info" {
		t.Errorf("a message that cannot be decoded is logged as our failure: %v", line)
	}
}

func TestLargeMetadataIsRefused(t *testing.T) {
	cfg := config()
	cfg.MaxHeaderBytes = 1024
	f := newFixture(t, cfg)
	start(t, f, answering(nil))
	calls := grpc_testing.NewTestServiceClient(dial(t, f))
	ctx := metadata.AppendToOutgoingContext(t.Context(), "large", strings.Repeat("a", 2000))
	if _, err := calls.UnaryCall(ctx, &grpc_testing.SimpleRequest{}); err == nil {
		t.Error("2,000 bytes of metadata are taken over a limit of 1,024")
	}
	if _, err := calls.UnaryCall(t.Context(), &grpc_testing.SimpleRequest{}); err != nil {
		t.Errorf("a call within the limit: %v", err)
	}
}

func TestStreamsOfAConnectionAreLimited(t *testing.T) {
	cfg := config()
	cfg.MaxStreams = 1
	f := newFixture(t, cfg)
	entered, leave := make(chan struct{}, 2), make(chan struct{})
	start(t, f, blocking(entered, leave))
	calls := grpc_testing.NewTestServiceClient(dial(t, f))
	first, second := make(chan error, 1), make(chan error, 1)
	go func() { first <- ask(t.Context(), calls) }()
	<-entered
	go func() { second <- ask(t.Context(), calls) }()
	select {
	case <-entered:
		t.Error("one connection has two calls in progress over a limit of 1")
	case <-time.After(50 * time.Millisecond):
	}
	close(leave)
	if err := errors.Join(<-first, <-second); err != nil {
		t.Error(err)
	}
}

func TestOldConnectionsAreEnded(t *testing.T) {
	cfg := config()
	cfg.ConnectionAge = 100 * time.Millisecond
	f := newFixture(t, cfg)
	start(t, f, answering(nil))
	conn := dial(t, f)
	if err := ask(t.Context(), grpc_testing.NewTestServiceClient(conn)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if !conn.WaitForStateChange(ctx, connectivity.Ready) {
		t.Error("the connection is still there")
	}
	if err := ask(t.Context(), grpc_testing.NewTestServiceClient(conn)); err != nil {
		t.Errorf("a call on the next connection: %v", err)
	}
}

// TestImpatientClientsAreCutOff speaks HTTP/2 itself: gRPC's own clients cannot be set to ask so often.
func TestImpatientClientsAreCutOff(t *testing.T) {
	f := newFixture(t, config())
	start(t, f, answering(nil))
	conn := tcpDial(t, f)
	const (
		preface  = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
		settings = "\x00\x00\x00\x04\x00\x00\x00\x00\x00"
		ping     = "\x00\x00\x08\x06\x00\x00\x00\x00\x00" + "12345678"
	)
	if _, err := io.WriteString(conn, preface+settings+strings.Repeat(ping, 5)); err != nil {
		t.Fatal(err)
	}
	answer, _ := io.ReadAll(conn)
	if !strings.Contains(string(answer), "too_many_pings") {
		t.Errorf("the server answered %q, want that it ends the connection", answer)
	}
}

func TestPatientClientsAreNotCutOff(t *testing.T) {
	f := newFixture(t, config())
	start(t, f, answering(nil))
	conn := dial(t, f, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 10 * time.Second, PermitWithoutStream: true}))
	for range 3 {
		if err := ask(t.Context(), grpc_testing.NewTestServiceClient(conn)); err != nil {
			t.Error(err)
		}
	}
}

func TestSlowConnectionsAreCutOff(t *testing.T) {
	cfg := config()
	cfg.ConnectTimeout = 200 * time.Millisecond
	f := newFixture(t, cfg)
	start(t, f, answering(nil))
	begin := time.Now()
	_, _ = io.ReadAll(tcpDial(t, f))
	if took := time.Since(begin); took < 150*time.Millisecond || took > 3*time.Second {
		t.Errorf("the connection was closed after %v, want about 200 ms", took)
	}
}

// blocking returns a service that tells when it is entered and answers when it is told to, or when its context ends.
func blocking(entered chan<- struct{}, leave <-chan struct{}) *service {
	return &service{unary: func(ctx context.Context, _ *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
		entered <- struct{}{}
		select {
		case <-leave:
			return &grpc_testing.SimpleResponse{}, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}}
}

func ask(ctx context.Context, calls grpc_testing.TestServiceClient) error {
	_, err := calls.UnaryCall(ctx, &grpc_testing.SimpleRequest{})
	return err
}

func wantCode(t *testing.T, err error, code codes.Code) {
	t.Helper()
	if status.Code(err) != code {
		t.Errorf("the answer is %v, want %v", err, code)
	}
}

// wantStatus checks the code of an error and the reason among its details.
func wantStatus(t *testing.T, err error, code codes.Code, reason string) *status.Status {
	t.Helper()
	got := status.Convert(err)
	if got.Code() != code || reasonOf(got) != reason {
		t.Errorf("the answer is %v with reason %q, want %v with %q", err, reasonOf(got), code, reason)
	}
	return got
}
