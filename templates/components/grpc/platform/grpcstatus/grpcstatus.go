// Package grpcstatus turns errors into gRPC statuses with the details of google.rpc (AIP-193), the only form in which
// this service says no.
//
// A program tells refusals apart by ErrorInfo's reason within its domain, "STALE" in "orders"; one code has several
// reasons. Bad fields are in BadRequest, the id by which the caller can ask about the call in RequestInfo, and where the
// same call may succeed later RetryInfo says when.
package grpcstatus

import (
	"context"
	"errors"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"create-service/templates/service/kernel/fault"
)

// RetryDelay is after how long a caller may repeat what was refused for want of capacity. It is short, because what is
// overloaded here recovers within one call's time.
const RetryDelay = time.Second

// Source is where a status comes from.
type Source struct {
	// Domain is who gives the reasons their meaning: the service's name.
	Domain string
	// RequestID finds the call in the logs.
	RequestID string
}

// form is what every refusal of one kind has in common.
type form struct {
	code   codes.Code
	reason string
	// metadata is what else a program may want to know.
	metadata map[string]string
}

// formOf is the one table from a kind of fault to its code.
func formOf(kind fault.Kind) form {
	switch kind {
	case fault.Malformed:
		return form{code: codes.InvalidArgument, reason: "MALFORMED"}
	case fault.Unauthenticated:
		return form{code: codes.Unauthenticated, reason: "UNAUTHENTICATED"}
	case fault.Forbidden:
		return form{code: codes.PermissionDenied, reason: "FORBIDDEN"}
	case fault.Invalid:
		return form{code: codes.InvalidArgument, reason: "INVALID"}
	case fault.NotFound:
		return form{code: codes.NotFound, reason: "NOT_FOUND"}
	case fault.Exists:
		return form{code: codes.AlreadyExists, reason: "EXISTS"}
	case fault.WrongState:
		return form{code: codes.FailedPrecondition, reason: "WRONG_STATE"}
	case fault.Stale:
		return form{code: codes.Aborted, reason: "STALE"}
	case fault.VersionRequired:
		return form{code: codes.InvalidArgument, reason: "VERSION_REQUIRED"}
	case fault.Reused:
		return form{code: codes.InvalidArgument, reason: "REUSED"}
	case fault.TooLarge:
		return form{code: codes.ResourceExhausted, reason: "TOO_LARGE"}
	case fault.Unsupported:
		return form{code: codes.Unimplemented, reason: "UNSUPPORTED"}
	case fault.Unavailable:
		return form{code: codes.Unavailable, reason: "UNAVAILABLE"}
	case fault.Internal:
		return internal()
	}
	return internal()
}

func internal() form { return form{code: codes.Internal, reason: "INTERNAL"} }

// Of returns what the caller may know of err, which is not nil. The text of an error that is no [*fault.Error] never
// appears: a deadline becomes DEADLINE_EXCEEDED, a caller that gave up CANCELLED, everything else INTERNAL.
func Of(err error, from Source) *status.Status {
	var refusal *fault.Error
	switch {
	case errors.As(err, &refusal) && refusal.Kind != fault.Internal:
		f := formOf(refusal.Kind)
		f.metadata = metadataOf(err)
		return build(f, refusal.Message, from, refusal.Violations)
	case isEither(err, context.DeadlineExceeded, codes.DeadlineExceeded):
		return build(form{code: codes.DeadlineExceeded, reason: "DEADLINE_EXCEEDED"}, "the call took too long and was given up", from, nil)
	case isEither(err, context.Canceled, codes.Canceled):
		return build(form{code: codes.Canceled, reason: "CANCELLED"}, "the caller gave up", from, nil)
	case isUnimplemented(err):
		return build(form{code: codes.Unimplemented, reason: "UNIMPLEMENTED"}, "there is no such method", from, nil)
	default:
		return build(internal(), "something went wrong here; the request id finds it in the logs", from, nil)
	}
}

// metadataOf is what a refusal knows beyond its kind, such as the scope that a token lacks.
func metadataOf(err error) map[string]string {
	var known interface{ Metadata() map[string]string }
	if errors.As(err, &known) {
		return known.Metadata()
	}
	return nil
}

// isEither reports whether err is a context's error, or the same as a status, which gRPC makes of it.
func isEither(err, target error, code codes.Code) bool {
	return errors.Is(err, target) || status.Code(err) == code
}

// isUnimplemented knows the answer of a method that was generated and never written. A wrapped status is another
// service's, and what that has is not for this one's callers.
func isUnimplemented(err error) bool {
	return errors.Unwrap(err) == nil && status.Code(err) == codes.Unimplemented
}

// build makes a status with its details.
func build(f form, message string, from Source, violations []fault.Violation) *status.Status {
	details := []protoadapt.MessageV1{&errdetails.ErrorInfo{Reason: f.reason, Domain: from.Domain, Metadata: f.metadata}}
	if len(violations) > 0 {
		details = append(details, badRequest(violations))
	}
	if f.code == codes.Unavailable {
		details = append(details, &errdetails.RetryInfo{RetryDelay: durationpb.New(RetryDelay)})
	}
	if from.RequestID != "" {
		details = append(details, &errdetails.RequestInfo{RequestId: from.RequestID})
	}
	plain := status.New(f.code, message)
	detailed, err := plain.WithDetails(details...)
	if err != nil {
		return plain
	}
	return detailed
}

func badRequest(violations []fault.Violation) *errdetails.BadRequest {
	fields := make([]*errdetails.BadRequest_FieldViolation, len(violations))
	for i, v := range violations {
		fields[i] = &errdetails.BadRequest_FieldViolation{Field: v.Field, Reason: strings.ToUpper(v.Rule), Description: v.Message}
	}
	return &errdetails.BadRequest{FieldViolations: fields}
}
