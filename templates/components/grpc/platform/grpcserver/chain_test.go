package grpcserver_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/codes"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	grpccodes "google.golang.org/grpc/codes"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"create-service/templates/service/kernel/fault"
)

func reasonOf(s *status.Status) string {
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetReason()
		}
	}
	return ""
}

func TestErrorsBecomeStatuses(t *testing.T) {
	tests := []struct {
		name       string
		err        error
		wantCode   grpccodes.Code
		wantReason string
	}{
		{"a refusal", fault.New(fault.NotFound, "no such order"), grpccodes.NotFound, "NOT_FOUND"},
		{"an unknown error", errors.New("dial 10.1.2.3: password=hunter2"), grpccodes.Internal, "INTERNAL"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, calls := client(t, answering(tt.err))
			ctx := metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "r-1")
			_, err := calls.UnaryCall(ctx, &grpc_testing.SimpleRequest{})
			got := wantStatus(t, err, tt.wantCode, tt.wantReason)
			if strings.Contains(got.String(), "hunter2") {
				t.Errorf("the answer tells the error's text: %v", got)
			}
			details := got.Details()
			if id, ok := details[len(details)-1].(*errdetails.RequestInfo); !ok || id.GetRequestId() != "r-1" {
				t.Errorf("the details are %v, want the request's id", details)
			}
		})
	}
}

func TestErrorsThatAreHiddenAreLogged(t *testing.T) {
	f, calls := client(t, answering(errors.New("table is gone")))
	_ = ask(t.Context(), calls)
	if line := f.lines(t)[0]; line["error.message"] != "table is gone" || line["log.level"] != "error" {
		t.Errorf("the log line does not tell the error: %v", line)
	}
}

func TestRefusalsAreNotLoggedAsErrors(t *testing.T) {
	f, calls := client(t, answering(fault.New(fault.Invalid, "bad")))
	_ = ask(t.Context(), calls)
	line := f.lines(t)[0]
	if _, found := line["error.message"]; found || line["log.level"] != "info" {
		t.Errorf("a refusal is logged as an error: %v", line)
	}
}

func TestPanicIsInternalWithItsStackInTheLog(t *testing.T) {
	f, calls := client(t, &service{
		unary: func(context.Context, *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
			panic("boom")
		},
		duplex: func(grpc_testing.TestService_FullDuplexCallServer) error { panic("boom") },
	})
	got := wantStatus(t, ask(t.Context(), calls), grpccodes.Internal, "INTERNAL")
	stream, err := calls.FullDuplexCall(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = stream.Recv()
	wantStatus(t, err, grpccodes.Internal, "INTERNAL")
	if strings.Contains(got.String(), "boom") {
		t.Errorf("the answer tells the panic: %v", got)
	}
	for i, line := range f.lines(t) {
		stack, _ := line["error.stack_trace"].(string)
		if line["error.message"] != "boom" || !strings.Contains(stack, "TestPanicIsInternal") {
			t.Errorf("line %d does not tell the panic: %v", i, line)
		}
	}
	if counts := observed(t, f); counts[unaryCall+" INTERNAL"] != 1 || counts[fullDuplex+" INTERNAL"] != 1 {
		t.Errorf("calls by label are %v", counts)
	}
	if got := f.spans.Ended()[0].Status().Code; got != codes.Error {
		t.Errorf("the span's status is %v", got)
	}
	if got := family(t, f, "rpc_server_active_calls").GetMetric()[0].GetGauge().GetValue(); got != 0 {
		t.Errorf("%v calls are still counted as in progress", got)
	}
}

func TestMethodsThatDoNotExist(t *testing.T) {
	f, calls := client(t, answering(nil))
	_, err := calls.EmptyCall(t.Context(), &grpc_testing.Empty{})
	wantStatus(t, err, grpccodes.Unimplemented, "UNIMPLEMENTED")
	conn := dial(t, f)
	for _, method := range []string{"/grpc.testing.TestService/Nope", "/no.such.Service/Call"} {
		err := conn.Invoke(t.Context(), method, &grpc_testing.Empty{}, &grpc_testing.Empty{})
		wantStatus(t, err, grpccodes.Unimplemented, "UNIMPLEMENTED")
	}
	want := map[string]uint64{"grpc.testing.TestService/EmptyCall UNIMPLEMENTED": 1, "_OTHER UNIMPLEMENTED": 2}
	if got := observed(t, f); got["_OTHER UNIMPLEMENTED"] != 2 || len(got) != len(want) {
		t.Errorf("calls by label are %v, want %v", got, want)
	}
}

func TestRequestID(t *testing.T) {
	_, calls := client(t, answering(nil))
	for sent, kept := range map[string]bool{"r-1": true, "bad id": false} {
		var header metadata.MD
		ctx := metadata.AppendToOutgoingContext(t.Context(), "x-request-id", sent)
		if _, err := calls.UnaryCall(ctx, &grpc_testing.SimpleRequest{}, grpc.Header(&header)); err != nil {
			t.Fatal(err)
		}
		got := header.Get("x-request-id")
		if len(got) != 1 || got[0] == "" || (got[0] == sent) != kept {
			t.Errorf("the id %q comes back as %q", sent, got)
		}
	}
}

func TestDeadline(t *testing.T) {
	tests := []struct {
		name    string
		caller  time.Duration
		atLeast time.Duration
		atMost  time.Duration
	}{
		{"none of the caller", 0, 9 * time.Second, 10 * time.Second},
		{"an earlier one of the caller", 2 * time.Second, time.Second, 2 * time.Second},
		{"a later one of the caller", time.Minute, 9 * time.Second, 10 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var left time.Duration
			_, calls := client(t, &service{unary: func(ctx context.Context, _ *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
				deadline, _ := ctx.Deadline()
				left = time.Until(deadline)
				return &grpc_testing.SimpleResponse{}, nil
			}})
			ctx, cancel := t.Context(), context.CancelFunc(func() {})
			if tt.caller > 0 {
				ctx, cancel = context.WithTimeout(ctx, tt.caller)
			}
			defer cancel()
			if err := ask(ctx, calls); err != nil {
				t.Fatal(err)
			}
			if left < tt.atLeast || left > tt.atMost {
				t.Errorf("the method has %v left, want between %v and %v", left, tt.atLeast, tt.atMost)
			}
		})
	}
}

func TestDeadlineEndsCalls(t *testing.T) {
	cfg := config()
	cfg.CallTimeout = 50 * time.Millisecond
	f := newFixture(t, cfg)
	start(t, f, blocking(make(chan struct{}, 1), nil))
	err := ask(t.Context(), grpc_testing.NewTestServiceClient(dial(t, f)))
	wantStatus(t, err, grpccodes.DeadlineExceeded, "DEADLINE_EXCEEDED")
	if line := f.lines(t)[0]; line["log.level"] != "error" {
		t.Errorf("a call that took too long is logged at %v", line["log.level"])
	}
}

func TestStreamsHaveNoDeadlineOfTheServer(t *testing.T) {
	f, calls := client(t, &service{duplex: func(stream grpc_testing.TestService_FullDuplexCallServer) error {
		if _, given := stream.Context().Deadline(); given {
			return errors.New("there is a deadline")
		}
		for {
			if _, err := stream.Recv(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			if err := stream.Send(&grpc_testing.StreamingOutputCallResponse{}); err != nil {
				return err
			}
		}
	}})
	stream, err := calls.FullDuplexCall(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := stream.Send(&grpc_testing.StreamingOutputCallRequest{}); err != nil {
			t.Fatal(err)
		}
		if _, err := stream.Recv(); err != nil {
			t.Fatal(err)
		}
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); !errors.Is(err, io.EOF) {
		t.Errorf("the stream ends with %v", err)
	}
	if got := observed(t, f)[fullDuplex+" OK"]; got != 1 {
		t.Errorf("%d streams are counted, want 1", got)
	}
}
