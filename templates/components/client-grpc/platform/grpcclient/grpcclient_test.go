package grpcclient_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"

	"create-service/templates/components/client-grpc/platform/grpcclient"
	"create-service/templates/components/clients/platform/outbound"
	"create-service/templates/service/kernel/fault"
)

func TestCallsGoToAllReplicas(t *testing.T) {
	all := []*backend{startBackend(t, fine), startBackend(t, fine), startBackend(t, fine)}
	f := dial(t, nil, all...)
	eventually(t, "every replica is connected", func() bool {
		return f.call(t.Context(), reading) == nil && all[0].calls.Load() > 0 && all[1].calls.Load() > 0 && all[2].calls.Load() > 0
	})
	var before [3]int64
	for i, b := range all {
		before[i] = b.calls.Load()
	}
	for range 300 {
		if err := f.call(t.Context(), reading); err != nil {
			t.Fatal(err)
		}
	}
	for i, b := range all {
		if got := b.calls.Load() - before[i]; got < 99 || got > 101 {
			t.Errorf("replica %d had %d of 300 calls, want a third", i, got)
		}
	}
}

func TestAReplicaThatIsNotWellIsLeftOut(t *testing.T) {
	well, ill := startBackend(t, fine), startBackend(t, fine)
	ill.health.SetServingStatus("", grpc_health_v1.HealthCheckResponse_NOT_SERVING)
	f := dial(t, nil, well, ill)
	for range 50 {
		if err := f.call(t.Context(), reading); err != nil {
			t.Fatal(err)
		}
	}
	if got := ill.calls.Load(); got != 0 {
		t.Errorf("the replica that is not well had %d calls, want none", got)
	}
	ill.health.SetServingStatus("", grpc_health_v1.HealthCheckResponse_SERVING)
	eventually(t, "calls go to it when it is well", func() bool {
		return f.call(t.Context(), reading) == nil && ill.calls.Load() > 0
	})
}

func TestNewReplicasAreFound(t *testing.T) {
	first, second := startBackend(t, fine), startBackend(t, fine)
	f := dial(t, nil, first)
	if err := f.call(t.Context(), reading); err != nil {
		t.Fatal(err)
	}
	f.names.UpdateState(addresses([]*backend{first, second}))
	eventually(t, "calls go to the new replica", func() bool {
		return f.call(t.Context(), reading) == nil && second.calls.Load() > 0
	})
	f.names.UpdateState(addresses([]*backend{second}))
	eventually(t, "none go to the old one", func() bool {
		before := first.calls.Load()
		for range 4 {
			if err := f.call(t.Context(), reading); err != nil {
				t.Fatal(err)
			}
		}
		return first.calls.Load() == before
	})
}

// TestAReplicaDiesUnderLoad: what may be repeated does not notice, because another replica answers.
func TestAReplicaDiesUnderLoad(t *testing.T) {
	all := []*backend{startBackend(t, fine), startBackend(t, fine), startBackend(t, fine)}
	f := dial(t, nil, all...)
	var calls, failures atomic.Int64
	stop := make(chan struct{})
	var load sync.WaitGroup
	for range 4 {
		load.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				calls.Add(1)
				if err := f.call(t.Context(), reading); err != nil {
					failures.Add(1)
					t.Logf("call: %v", err)
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	eventually(t, "load", func() bool { return calls.Load() > 200 })
	all[0].server.Stop()
	after := calls.Load()
	eventually(t, "load after the death", func() bool { return calls.Load() > after+500 })
	close(stop)
	load.Wait()
	if failures.Load() > 0 {
		t.Errorf("%d of %d calls failed, want none", failures.Load(), calls.Load())
	}
}

func TestOnlyWhatMayBeRepeatedIsRepeated(t *testing.T) {
	unavailable := func(context.Context) error { return status.Error(codes.Unavailable, "starting") }
	b := startBackend(t, unavailable)
	tests := map[string]struct {
		method  string
		request any
		want    int64
	}{
		"a read":                            {reading, &emptypb.Empty{}, 3},
		"what is idempotent":                {setting, &emptypb.Empty{}, 3},
		"what the contract is silent about": {creating, createRequest(t, ""), 1},
		"what carries an id":                {creating, createRequest(t, "r-1"), 3},
		"what no contract has":              {"/unknown.Service/Get", &emptypb.Empty{}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := dial(t, nil, b)
			before := b.calls.Load()
			err := f.Invoke(t.Context(), test.method, test.request, &emptypb.Empty{})
			if got := b.calls.Load() - before; got != test.want || status.Code(err) != codes.Unavailable {
				t.Errorf("%d attempts, error %v; want %d and UNAVAILABLE", got, err, test.want)
			}
			if fault.KindOf(err) != fault.Unavailable {
				t.Errorf("%v is no unavailability to whoever waits for this service", err)
			}
		})
	}
}

func TestNothingElseRepeatsACall(t *testing.T) {
	b := startBackend(t, func(context.Context) error { return status.Error(codes.Unavailable, "starting") })
	f := dial(t, func(cfg *grpcclient.Config, _ *grpcclient.Deps) { cfg.Calls.Retries = 0 }, b)
	_ = f.call(t.Context(), reading)
	if got := b.calls.Load(); got != 1 {
		t.Errorf("%d attempts with RETRIES=0, want 1", got)
	}
}

func TestThePeerSaysWhenToComeBack(t *testing.T) {
	var times []time.Time
	b := startBackend(t, func(context.Context) error {
		times = append(times, time.Now())
		if len(times) > 1 {
			return nil
		}
		busy, err := status.New(codes.Unavailable, "busy").WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(300 * time.Millisecond)})
		return errors.Join(busy.Err(), err)
	})
	f := dial(t, nil, b)
	if err := f.call(t.Context(), reading); err != nil || len(times) != 2 {
		t.Fatalf("error %v after %d attempts, want success at the second", err, len(times))
	}
	if waited := times[1].Sub(times[0]); waited < 300*time.Millisecond {
		t.Errorf("the second attempt came after %v, want 300ms", waited)
	}
}

func TestTheCallersDeadlineIsInherited(t *testing.T) {
	left := make(chan time.Duration, 1)
	b := startBackend(t, func(ctx context.Context) error {
		deadline, _ := ctx.Deadline()
		left <- time.Until(deadline)
		return hang(ctx)
	})
	f := dial(t, nil, b)
	ctx, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := f.call(ctx, reading)
	if took := time.Since(start); took > 390*time.Millisecond || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("took %v, error %v; want less than the caller's 400ms and %v", took, err, context.DeadlineExceeded)
	}
	if got := <-left; got > 350*time.Millisecond {
		t.Errorf("the peer was given %v, want 350ms at most", got)
	}
	if status.Code(err) != codes.DeadlineExceeded || ctx.Err() != nil {
		t.Errorf("code %v, context %v; want DEADLINE_EXCEEDED while the caller has time", status.Code(err), ctx.Err())
	}
}

func TestAHangingPeerOpensTheBreaker(t *testing.T) {
	b := startBackend(t, hang)
	f := dial(t, func(cfg *grpcclient.Config, _ *grpcclient.Deps) {
		cfg.Calls.Timeout, cfg.Calls.BreakerPause = 100*time.Millisecond, 200*time.Millisecond
	}, b)
	for range 20 {
		if err := f.call(t.Context(), reading); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("call: %v, want %v", err, context.DeadlineExceeded)
		}
	}
	start, calls := time.Now(), b.calls.Load()
	err := f.call(t.Context(), reading)
	if took := time.Since(start); fault.KindOf(err) != fault.Unavailable || took > 50*time.Millisecond || b.calls.Load() != calls {
		t.Errorf("error %v after %v, %d further attempts; want an unavailability at once", err, took, b.calls.Load()-calls)
	}
	if f.Check(t.Context()) == nil {
		t.Error("Check passes while the breaker is open")
	}
}

func TestARefusalIsTheCallersToRead(t *testing.T) {
	b := startBackend(t, func(context.Context) error { return status.Error(codes.NotFound, "no such item") })
	f := dial(t, nil, b)
	err := f.call(t.Context(), reading)
	if status.Code(err) != codes.NotFound || fault.KindOf(err) != fault.Internal {
		t.Errorf("%v has code %v and kind %d, want NOT_FOUND and no meaning", err, status.Code(err), fault.KindOf(err))
	}
	var failure *outbound.Error
	if !errors.As(err, &failure) || failure.Peer != "inventory" {
		t.Errorf("%v does not say whom the call was for", err)
	}
}

func TestWhatACodeMeans(t *testing.T) {
	later := func(code codes.Code) error {
		st, err := status.New(code, "later").WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(10 * time.Millisecond)})
		if err != nil {
			t.Fatal(err)
		}
		return st.Err()
	}
	for _, test := range []struct {
		name     string
		answer   error
		attempts int64
		kind     fault.Kind
	}{
		{"the peer takes our token for none", status.Error(codes.Unauthenticated, "who?"), 1, fault.Unavailable},
		{"our token may not", status.Error(codes.PermissionDenied, "no"), 1, fault.Internal},
		{"too many calls", later(codes.ResourceExhausted), 3, fault.Unavailable},
		{"too large a call", status.Error(codes.ResourceExhausted, "larger than max"), 1, fault.Internal},
		{"a mistake of the peer's", status.Error(codes.Internal, "oops"), 1, fault.Internal},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := startBackend(t, func(context.Context) error { return test.answer })
			err := dial(t, nil, b).call(t.Context(), reading)
			if status.Code(err) != status.Code(test.answer) || fault.KindOf(err) != test.kind {
				t.Errorf("%v has code %v and kind %d, want %v and %d", err, status.Code(err), fault.KindOf(err), status.Code(test.answer), test.kind)
			}
			if got := b.calls.Load(); got != test.attempts {
				t.Errorf("%d attempts, want %d", got, test.attempts)
			}
		})
	}
}

func TestAnAnswerThatIsTooLargeIsRefused(t *testing.T) {
	f, client := testService(t, func(cfg *grpcclient.Config, _ *grpcclient.Deps) { cfg.MaxMessageBytes = 1024 })
	_ = f
	_, err := client.UnaryCall(t.Context(), &grpc_testing.SimpleRequest{ResponseSize: 2048})
	if status.Code(err) != codes.ResourceExhausted {
		t.Errorf("error %v, want RESOURCE_EXHAUSTED", err)
	}
}

func TestTraceAndTokenTravel(t *testing.T) {
	got := make(chan metadata.MD, 1)
	b := startBackend(t, func(ctx context.Context) error {
		fields, _ := metadata.FromIncomingContext(ctx)
		got <- fields
		return nil
	})
	f := dial(t, func(_ *grpcclient.Config, d *grpcclient.Deps) {
		d.Token = func(context.Context) (string, error) { return "t0ken", nil }
	}, b)
	ctx := metadata.AppendToOutgoingContext(t.Context(), "x-mine", "kept")
	if err := f.call(ctx, reading); err != nil {
		t.Fatal(err)
	}
	fields := <-got
	spans := f.spans.Ended()
	if len(spans) != 1 || spans[0].Name() != "grpcclient.test.Items/Get" {
		t.Fatalf("%d spans, want one for the call", len(spans))
	}
	trace := fields.Get("traceparent")
	if len(trace) != 1 || !strings.Contains(trace[0], spans[0].SpanContext().SpanID().String()) {
		t.Errorf("traceparent = %v, want the span of the call", trace)
	}
	if got := fields.Get("authorization"); len(got) != 1 || got[0] != "Bearer t0ken" {
		t.Errorf("authorization = %v", got)
	}
	if got := fields.Get("x-mine"); len(got) != 1 || got[0] != "kept" {
		t.Errorf("x-mine = %v, want what the caller gave", got)
	}
}

func TestWithoutATokenThereIsNoCall(t *testing.T) {
	b := startBackend(t, fine)
	f := dial(t, func(_ *grpcclient.Config, d *grpcclient.Deps) {
		d.Token = func(context.Context) (string, error) { return "", errors.New("the issuer is away") }
	}, b)
	err := f.call(t.Context(), reading)
	if fault.KindOf(err) != fault.Unavailable || b.calls.Load() != 0 {
		t.Errorf("error %v, %d calls; want an unavailability and no call", err, b.calls.Load())
	}
}

func TestATLSPeerMustBeKnown(t *testing.T) {
	b := startBackend(t, fine) // It speaks plaintext.
	f := dial(t, func(_ *grpcclient.Config, d *grpcclient.Deps) {
		d.TLS = &tls.Config{MinVersion: tls.VersionTLS13}
	}, b)
	if err := f.call(t.Context(), reading); fault.KindOf(err) != fault.Unavailable || b.calls.Load() != 0 {
		t.Errorf("error %v, %d calls; want an unavailability and no call", err, b.calls.Load())
	}
}

// testService serves gRPC's own test service, whose answers have a size and which has streams.
func testService(t *testing.T, change func(*grpcclient.Config, *grpcclient.Deps)) (*fixture, grpc_testing.TestServiceClient) {
	t.Helper()
	addr := serve(t, func(s grpc.ServiceRegistrar) { grpc_testing.RegisterTestServiceServer(s, sized{}) })
	f := dial(t, change, &backend{addr: addr})
	return f, grpc_testing.NewTestServiceClient(f)
}

// sized answers with as many bytes as it is asked for.
type sized struct {
	grpc_testing.UnimplementedTestServiceServer
}

func (sized) UnaryCall(_ context.Context, in *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
	return &grpc_testing.SimpleResponse{Payload: &grpc_testing.Payload{Body: make([]byte, in.GetResponseSize())}}, nil
}

func (sized) StreamingOutputCall(in *grpc_testing.StreamingOutputCallRequest, stream grpc_testing.TestService_StreamingOutputCallServer) error {
	for range in.GetResponseParameters() {
		if err := stream.Send(&grpc_testing.StreamingOutputCallResponse{}); err != nil {
			return err
		}
	}
	return nil
}

func TestStreamsAreSeenAndHaveNoDeadline(t *testing.T) {
	f, client := testService(t, func(cfg *grpcclient.Config, _ *grpcclient.Deps) { cfg.Calls.Timeout = time.Nanosecond })
	stream, err := client.StreamingOutputCall(t.Context(), &grpc_testing.StreamingOutputCallRequest{
		ResponseParameters: make([]*grpc_testing.ResponseParameters, 3),
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := stream.Recv(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
		t.Fatalf("Recv: %v, want %v", err, io.EOF)
	}
	if spans := f.spans.Ended(); len(spans) != 1 || spans[0].Name() != "grpc.testing.TestService/StreamingOutputCall" {
		t.Errorf("%d spans ended, want that of the stream", len(spans))
	}
}

func TestAStreamThatIsGivenUpEnds(t *testing.T) {
	f, client := testService(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := client.StreamingOutputCall(ctx, &grpc_testing.StreamingOutputCallRequest{}); err != nil {
		t.Fatal(err)
	}
	cancel()
	eventually(t, "the span ends", func() bool { return len(f.spans.Ended()) == 1 })
}

func TestValidate(t *testing.T) {
	for addr, wrong := range map[string]bool{
		"inventory:8081": false, "dns:///inventory-grpc.inventory-prod:8081": false, "passthrough:///bufnet": false, "127.0.0.1:8081": false,
		"[::1]:8081": false, "inventory": true, "dns:///inventory": true, "http://inventory:80": true, "": true,
	} {
		if err := (grpcclient.Config{Addr: addr}).Validate(); (err != nil) != wrong {
			t.Errorf("Validate(%q) = %v, want an error: %t", addr, err, wrong)
		}
	}
}
