package grpcclient

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"create-service/templates/components/clients/platform/outbound"
)

// errToken is a call that could not be made, because nobody vouches for this service just now.
var errToken = errors.New("there is no token for the call")

// unary is a [grpc.UnaryClientInterceptor]: the whole of what happens around a call.
func (c *Conn) unary(ctx context.Context, method string, request, answer any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, options ...grpc.CallOption) error {
	return c.peer.Call(ctx, c.known.isRepeatable(method, request), func(ctx context.Context, number int) outbound.Result {
		ctx, one := c.observe.begin(ctx, method, number)
		ctx, err := c.outgoing(ctx)
		if err == nil {
			err = invoke(ctx, method, request, answer, cc, options...)
		}
		one.end(ctx, err)
		return resultOf(err)
	})
}

// outgoing adds the trace context and the token to the metadata.
func (c *Conn) outgoing(ctx context.Context) (context.Context, error) {
	fields, _ := metadata.FromOutgoingContext(ctx)
	fields = fields.Copy()
	if fields == nil {
		fields = metadata.MD{}
	}
	c.deps.Propagator.Inject(ctx, carrier(fields))
	if c.deps.Token != nil {
		token, err := c.deps.Token(ctx)
		if err != nil {
			return ctx, fmt.Errorf("%w: %w", errToken, err)
		}
		fields.Set("authorization", "Bearer "+token)
	}
	return metadata.NewOutgoingContext(ctx, fields), nil
}

// carrier lets a propagator write metadata.
type carrier metadata.MD

// Get returns the first value of a key.
func (c carrier) Get(key string) string {
	if values := metadata.MD(c).Get(key); len(values) > 0 {
		return values[0]
	}
	return ""
}

// Set replaces the values of a key.
func (c carrier) Set(key, value string) { metadata.MD(c).Set(key, value) }

// Keys returns nothing: no propagator that is in use asks.
func (carrier) Keys() []string { return nil }

// resultOf says what the end of an attempt means.
func resultOf(err error) outbound.Result {
	if err == nil {
		return outbound.Result{}
	}
	if errors.Is(err, errToken) {
		return outbound.Result{Err: outbound.Unavailable(err)}
	}
	answer := status.Convert(err)
	switch answer.Code() {
	case codes.Unavailable:
		err = outbound.Unavailable(err)
		return outbound.Result{Err: err, Failed: true, Again: true, After: retryDelay(answer)}
	case codes.Unauthenticated:
		// It is not the call that is wrong: no other would be let in either.
		return outbound.Result{Err: outbound.Unavailable(err)}
	case codes.ResourceExhausted:
		// Only a peer that is asked too much names a time; a message that is too large will be so later, too.
		if after := retryDelay(answer); after > 0 {
			return outbound.Result{Err: outbound.Unavailable(err), Again: true, After: after}
		}
		return outbound.Result{Err: err}
	case codes.DeadlineExceeded:
		return outbound.Result{Err: fmt.Errorf("%w: %w", context.DeadlineExceeded, err), Failed: true}
	case codes.Internal, codes.Unknown, codes.DataLoss:
		return outbound.Result{Err: err, Failed: true}
	default:
		return outbound.Result{Err: err}
	}
}

// retryDelay is when the peer wants to be called again, if it says so.
func retryDelay(answer *status.Status) time.Duration {
	for _, detail := range answer.Details() {
		if info, ok := detail.(*errdetails.RetryInfo); ok {
			return info.GetRetryDelay().AsDuration()
		}
	}
	return 0
}

// stream is a [grpc.StreamClientInterceptor]. A stream is not repeated, and ends when its caller says.
func (c *Conn) stream(ctx context.Context, desc *grpc.StreamDesc, cc *grpc.ClientConn, method string, open grpc.Streamer, options ...grpc.CallOption) (grpc.ClientStream, error) {
	report, err := c.peer.Pass(ctx)
	if err != nil {
		return nil, err
	}
	ctx, one := c.observe.begin(ctx, method, 1)
	ctx, err = c.outgoing(ctx)
	var of grpc.ClientStream
	if err == nil {
		of, err = open(ctx, desc, cc, method, options...)
	}
	if err != nil {
		one.end(ctx, err)
		report(resultOf(err))
		return nil, err
	}
	return watch(ctx, of, func(err error) {
		one.end(ctx, err)
		report(resultOf(err))
	}), nil
}

// watched is a stream that reports its end once: the peer's status, or that the caller gave up.
type watched struct {
	grpc.ClientStream
	end func(error)
	// unwatch stops waiting for the end of the caller's context.
	unwatch func() bool
}

func watch(ctx context.Context, of grpc.ClientStream, end func(error)) *watched {
	var once sync.Once
	w := &watched{ClientStream: of, end: func(err error) { once.Do(func() { end(err) }) }}
	w.unwatch = context.AfterFunc(ctx, func() { w.end(status.FromContextError(ctx.Err()).Err()) })
	return w
}

// RecvMsg reads the next message.
func (w *watched) RecvMsg(message any) error {
	err := w.ClientStream.RecvMsg(message)
	if err == nil {
		return nil
	}
	w.unwatch()
	if errors.Is(err, io.EOF) {
		w.end(nil)
	} else {
		w.end(err)
	}
	return err
}
