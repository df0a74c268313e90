package grpcserver_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"

	"create-service/templates/service/kernel/fault"
)

const (
	traceID     = "0af7651916cd43dd8448eb211c80319c"
	traceparent = "00-" + traceID + "-b7ad6b7169203331-01"
)

func TestSpan(t *testing.T) {
	tests := []struct {
		name       string
		err        error
		wantCode   string
		wantError  string
		wantStatus codes.Code
		wantEvents int
	}{
		{"success", nil, "OK", "", codes.Unset, 0},
		{"a refusal is no error of the server", fault.New(fault.NotFound, "secret"), "NOT_FOUND", "", codes.Unset, 0},
		{"an error", errors.New("lost"), "INTERNAL", "INTERNAL", codes.Error, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, calls := client(t, answering(tt.err))
			_ = ask(t.Context(), calls)
			span := f.spans.Ended()[0]
			if span.Name() != unaryCall || span.SpanKind() != trace.SpanKindServer || span.Status().Code != tt.wantStatus {
				t.Errorf("the span is %q, kind %v, status %v", span.Name(), span.SpanKind(), span.Status())
			}
			want := map[string]any{"rpc.system.name": "grpc", "rpc.method": unaryCall, "rpc.response.status_code": tt.wantCode}
			if tt.wantError != "" {
				want["error.type"] = tt.wantError
			}
			if diff := cmp.Diff(want, attributesOf(span)); diff != "" {
				t.Errorf("attributes (-want +got):\n%s", diff)
			}
			if got := len(span.Events()); got != tt.wantEvents {
				t.Errorf("the span has %d events, want %d", got, tt.wantEvents)
			}
		})
	}
}

func attributesOf(span sdktrace.ReadOnlySpan) map[string]any {
	all := map[string]any{}
	for _, a := range span.Attributes() {
		all[string(a.Key)] = a.Value.AsInterface()
	}
	return all
}

func TestSpanContinuesTheCallersTrace(t *testing.T) {
	var inMethod, inStream trace.SpanContext
	f, calls := client(t, &service{
		unary: func(ctx context.Context, _ *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
			inMethod = trace.SpanContextFromContext(ctx)
			return &grpc_testing.SimpleResponse{}, nil
		},
		duplex: func(stream grpc_testing.TestService_FullDuplexCallServer) error {
			inStream = trace.SpanContextFromContext(stream.Context())
			return nil
		},
	})
	ctx := metadata.AppendToOutgoingContext(t.Context(), "traceparent", traceparent, "tracestate", "a=b")
	if err := ask(ctx, calls); err != nil {
		t.Fatal(err)
	}
	stream, err := calls.FullDuplexCall(ctx)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = stream.Recv()
	for i, inside := range []trace.SpanContext{inMethod, inStream} {
		span := f.spans.Ended()[i]
		if got := span.Parent().SpanID().String(); got != "b7ad6b7169203331" {
			t.Errorf("the parent of %s is %s", span.Name(), got)
		}
		if got := span.SpanContext(); got.TraceID().String() != traceID || got.TraceState().String() != "a=b" {
			t.Errorf("the context of %s is %v", span.Name(), got)
		}
		if !inside.Equal(span.SpanContext()) {
			t.Errorf("the method has span %v, want %v", inside, span.SpanContext())
		}
	}
}
