package grpcserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/attribute"
	otelcodes "go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"create-service/templates/components/grpc/platform/grpccode"
	"create-service/templates/service/platform/logging"
	"create-service/templates/service/platform/requestid"
)

const requestIDKey = "x-request-id"

// call is one call on its way through the chain.
type call struct {
	method    string
	requestID string
	span      trace.Span
	start     time.Time

	// What is known when it has ended: reason is why it was refused, where a refusal says; failure is the error when the
	// fault is the service's.
	end     time.Time
	code    codes.Code
	reason  string
	failure error
}

// begin gives a call its id. It takes over the caller's when that is harmless, makes one otherwise, and returns it in the
// answer's header.
func begin(ctx context.Context, method string, span trace.Span) call {
	one := call{method: method, requestID: requestid.Of(first(ctx, requestIDKey)), span: span, start: time.Now()}
	// It fails when the header is out, which it cannot be before the method was called.
	_ = grpc.SetHeader(ctx, metadata.MD{requestIDKey: []string{one.requestID}})
	return one
}

// describe gives the span what OpenTelemetry's conventions require of it. Only a fault of ours makes it an error.
func (one *call) describe() {
	if !one.span.IsRecording() {
		return
	}
	code := grpccode.Text(one.code)
	one.span.SetAttributes(
		attribute.String("rpc.system.name", "grpc"),
		attribute.String("rpc.method", one.method),
		attribute.String("rpc.response.status_code", code),
	)
	if one.failure != nil {
		one.span.SetStatus(otelcodes.Error, "")
		one.span.SetAttributes(attribute.String("error.type", code))
		one.span.RecordError(one.failure)
	}
}

// first is the first value of a key of the caller's metadata.
func first(ctx context.Context, key string) string {
	if values := metadata.ValueFromIncomingContext(ctx, key); len(values) > 0 {
		return values[0]
	}
	return ""
}

// reasonOf is why a call was refused, as one stable word; empty where a refusal does not say.
func reasonOf(err error) string {
	var known interface{ Reason() string }
	if errors.As(err, &known) {
		return known.Reason()
	}
	return ""
}

// panicked is a panic as an error, and what the log says about it.
type panicked struct {
	value any
	attr  slog.Attr
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// recovered turns a panic into an error and keeps the process up. Its first argument is what recover returned.
func recovered(value any, err error) error {
	if value == nil {
		return err
	}
	return &panicked{value: value, attr: logging.Panic(value)}
}
