package grpcstatus_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/durationpb"

	"create-service/templates/components/grpc/platform/grpcstatus"
	"create-service/templates/service/kernel/fault"
)

var from = grpcstatus.Source{Domain: "orders", RequestID: "r-1"}

func TestOfEveryKind(t *testing.T) {
	tests := []struct {
		kind       fault.Kind
		wantCode   codes.Code
		wantReason string
	}{
		{fault.Malformed, codes.InvalidArgument, "MALFORMED"},
		{fault.Unauthenticated, codes.Unauthenticated, "UNAUTHENTICATED"},
		{fault.Forbidden, codes.PermissionDenied, "FORBIDDEN"},
		{fault.Invalid, codes.InvalidArgument, "INVALID"},
		{fault.NotFound, codes.NotFound, "NOT_FOUND"},
		{fault.Exists, codes.AlreadyExists, "EXISTS"},
		{fault.WrongState, codes.FailedPrecondition, "WRONG_STATE"},
		{fault.Stale, codes.Aborted, "STALE"},
		{fault.VersionRequired, codes.InvalidArgument, "VERSION_REQUIRED"},
		{fault.Reused, codes.InvalidArgument, "REUSED"},
		{fault.TooLarge, codes.ResourceExhausted, "TOO_LARGE"},
		{fault.Unsupported, codes.Unimplemented, "UNSUPPORTED"},
		{fault.Unavailable, codes.Unavailable, "UNAVAILABLE"},
		{fault.Internal, codes.Internal, "INTERNAL"},
	}
	for _, tt := range tests {
		t.Run(tt.wantReason, func(t *testing.T) {
			got := grpcstatus.Of(fmt.Errorf("layer: %w", fault.New(tt.kind, "why")), from)
			if got.Code() != tt.wantCode || reasonOf(t, got) != tt.wantReason {
				t.Errorf("the status is %v with reason %s, want %v with %s", got.Code(), reasonOf(t, got), tt.wantCode, tt.wantReason)
			}
			if told := got.Message() == "why"; told == (tt.kind == fault.Internal) {
				t.Errorf("the message is %q", got.Message())
			}
		})
	}
}

func TestOfErrorsThatAreNoFaults(t *testing.T) {
	secret := errors.New("dial 10.1.2.3: password=hunter2")
	tests := []struct {
		name       string
		err        error
		wantCode   codes.Code
		wantReason string
	}{
		{"an unknown error", secret, codes.Internal, "INTERNAL"},
		{"a deadline", fmt.Errorf("query: %w", context.DeadlineExceeded), codes.DeadlineExceeded, "DEADLINE_EXCEEDED"},
		{"a deadline as a status", status.Error(codes.DeadlineExceeded, "hunter2"), codes.DeadlineExceeded, "DEADLINE_EXCEEDED"},
		{"a caller that gave up", fmt.Errorf("query: %w", context.Canceled), codes.Canceled, "CANCELLED"},
		{"a stream that was given up", status.Error(codes.Canceled, "hunter2"), codes.Canceled, "CANCELLED"},
		{"a refusal that has a deadline behind it", fmt.Errorf("%w: %w", fault.New(fault.Unavailable, "later"), context.DeadlineExceeded), codes.Unavailable, "UNAVAILABLE"},
		{"a method that was never written", status.Error(codes.Unimplemented, "hunter2"), codes.Unimplemented, "UNIMPLEMENTED"},
		{"what another service has not", fmt.Errorf("inventory: %w", status.Error(codes.Unimplemented, "hunter2")), codes.Internal, "INTERNAL"},
		{"what another service refuses", status.Error(codes.NotFound, "hunter2"), codes.Internal, "INTERNAL"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := grpcstatus.Of(tt.err, from)
			if got.Code() != tt.wantCode || reasonOf(t, got) != tt.wantReason {
				t.Errorf("the status is %v with reason %s, want %v with %s", got.Code(), reasonOf(t, got), tt.wantCode, tt.wantReason)
			}
			if got.Message() == "" || strings.Contains(got.String(), "hunter2") {
				t.Errorf("the status is %v", got)
			}
		})
	}
}

func TestDetails(t *testing.T) {
	tests := []struct {
		name string
		err  error
		from grpcstatus.Source
		want []proto.Message
	}{
		{"a plain refusal", fault.New(fault.NotFound, "no such order"), from, []proto.Message{
			&errdetails.ErrorInfo{Reason: "NOT_FOUND", Domain: "orders"},
			&errdetails.RequestInfo{RequestId: "r-1"},
		}},
		{"bad fields", &fault.Error{Kind: fault.Invalid, Message: "bad", Violations: []fault.Violation{
			{Field: "order.total", Rule: "min", Message: "is too small"},
			{Field: "order.state", Rule: "output_only", Message: "is set by the service"},
		}}, from, []proto.Message{
			&errdetails.ErrorInfo{Reason: "INVALID", Domain: "orders"},
			&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{
				{Field: "order.total", Reason: "MIN", Description: "is too small"},
				{Field: "order.state", Reason: "OUTPUT_ONLY", Description: "is set by the service"},
			}},
			&errdetails.RequestInfo{RequestId: "r-1"},
		}},
		{"one that passes", fault.New(fault.Unavailable, "later"), grpcstatus.Source{Domain: "orders"}, []proto.Message{
			&errdetails.ErrorInfo{Reason: "UNAVAILABLE", Domain: "orders"},
			&errdetails.RetryInfo{RetryDelay: durationpb.New(time.Second)},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []proto.Message
			for _, detail := range grpcstatus.Of(tt.err, tt.from).Details() {
				message, ok := detail.(proto.Message)
				if !ok {
					t.Fatalf("detail %v is no message", detail)
				}
				got = append(got, message)
			}
			if diff := cmp.Diff(tt.want, got, protocmp.Transform()); diff != "" {
				t.Errorf("details (-want +got):\n%s", diff)
			}
		})
	}
}

func reasonOf(t *testing.T, s *status.Status) string {
	t.Helper()
	for _, detail := range s.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			if info.GetDomain() != "orders" {
				t.Errorf("the domain is %q", info.GetDomain())
			}
			return info.GetReason()
		}
	}
	return ""
}
