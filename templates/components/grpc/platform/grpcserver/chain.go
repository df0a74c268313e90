package grpcserver

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"create-service/templates/components/grpc/platform/grpcstatus"
	"create-service/templates/service/kernel/fault"
)

// unmatched is the method of every call that has none, so that a scanner cannot make new values. It is OpenTelemetry's
// word.
const unmatched = "_OTHER"

// chain is what every call passes, from the outside in: trace and deadline, measuring and logging, recovery, the cap on
// calls in progress, authorization. What observes a call is outside of what may refuse it, so that a refusal is seen too.
//
// It wraps methods where they are registered and is no interceptor, because gRPC runs those after it has read the
// message: a message that is too large or broken would be refused unseen.
type chain struct {
	scope  *scope
	work   *admission
	report recorder
	domain string
	// authorize is nil where every call may go on.
	authorize func(ctx context.Context, method string, credentials []string) (context.Context, error)
}

func newChain(cfg Config, d Deps) (*chain, error) {
	work := &admission{limit: cfg.MaxInFlight}
	metrics, err := newCallMetrics(cfg, d.Registry, work)
	if err != nil {
		return nil, err
	}
	return &chain{
		scope:  newScope(cfg, d),
		work:   work,
		report: recorder{metrics: metrics, log: newAccessLog(cfg, d.Log, metrics.dropped)},
		domain: d.Domain,

		authorize: d.Authorize,
	}, nil
}

// around returns a service whose methods are inside the chain.
func (c *chain) around(desc *grpc.ServiceDesc) *grpc.ServiceDesc {
	wrapped := *desc
	wrapped.Methods = slices.Clone(desc.Methods)
	for i, m := range wrapped.Methods {
		wrapped.Methods[i].Handler = c.unary(desc.ServiceName+"/"+m.MethodName, m.Handler)
	}
	wrapped.Streams = slices.Clone(desc.Streams)
	for i, m := range wrapped.Streams {
		wrapped.Streams[i].Handler = stream{chain: c, name: desc.ServiceName + "/" + m.StreamName, next: m.Handler}.serve
	}
	return &wrapped
}

// unary wraps a method that has one message in and one out. What reads the message is inside of it.
func (c *chain) unary(method string, next grpc.MethodHandler) grpc.MethodHandler {
	return func(srv any, ctx context.Context, read func(any) error, interceptor grpc.UnaryServerInterceptor) (answer any, err error) {
		ctx, span := c.scope.tracer.Start(c.scope.parent(ctx), method, c.scope.start...)
		defer span.End()
		ctx, cancel := c.scope.limited(ctx)
		defer cancel()
		one := begin(ctx, method, span)
		defer func() { err = c.end(ctx, one, recovered(recover(), err)) }()
		if err := c.work.enter(); err != nil {
			return nil, err
		}
		defer c.work.leave()
		inner, err := c.admitted(ctx, method)
		if err != nil {
			return nil, err
		}
		return next(srv, inner, reader(read).message, interceptor)
	}
}

// stream is a method that has many messages on one side or both, inside the chain.
type stream struct {
	*chain
	name string
	next grpc.StreamHandler
}

// serve is a [grpc.StreamHandler].
func (m stream) serve(srv any, of grpc.ServerStream) (err error) {
	ctx, span := m.scope.tracer.Start(m.scope.parent(of.Context()), m.name, m.scope.start...)
	defer span.End()
	one := begin(ctx, m.name, span)
	defer func() { err = m.end(ctx, one, recovered(recover(), err)) }()
	if err := m.work.enter(); err != nil {
		return err
	}
	defer m.work.leave()
	inner, err := m.admitted(ctx, m.name)
	if err != nil {
		return err
	}
	return m.next(srv, inside{ServerStream: of, context: func() context.Context { return inner }})
}

// admitted returns the context in which a call may reach its method. One of a method that does not exist reaches
// nothing, and is told so.
func (c *chain) admitted(ctx context.Context, method string) (context.Context, error) {
	if c.authorize == nil || method == unmatched {
		return ctx, nil
	}
	return c.authorize(ctx, method, metadata.ValueFromIncomingContext(ctx, "authorization"))
}

// inside is a stream as its method sees it.
type inside struct {
	grpc.ServerStream
	context func() context.Context
}

// Context is that of the chain.
func (s inside) Context() context.Context { return s.context() }

// RecvMsg reads the next message.
func (s inside) RecvMsg(message any) error { return reader(s.ServerStream.RecvMsg).message(message) }

// reader reads a message that a client sent.
type reader func(message any) error

// message reads and says whose fault it is when that fails. The caller has gRPC's own answer by then, which is INTERNAL
// for a message that cannot be decoded; logs and metrics count it as his mistake.
func (read reader) message(into any) error {
	err := read(into)
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return err
	case status.Code(err) == codes.ResourceExhausted:
		return fault.New(fault.TooLarge, "the message is larger than is accepted here")
	case status.Code(err) == codes.Internal:
		return fault.New(fault.Malformed, "the message cannot be decoded")
	default:
		return err
	}
}

// noSuchMethod answers every call of a method that does not exist.
func noSuchMethod(any, grpc.ServerStream) error {
	return status.Error(codes.Unimplemented, "there is no such method")
}

// end reports a call and turns its error into the status that the caller sees.
func (c *chain) end(ctx context.Context, one call, err error) error {
	took := time.Since(one.start)
	one.end = one.start.Add(took)
	if err == nil {
		c.report.record(ctx, one, took)
		one.describe()
		return nil
	}
	refusal := grpcstatus.Of(err, grpcstatus.Source{Domain: c.domain, RequestID: one.requestID})
	one.code, one.reason = refusal.Code(), reasonOf(err)
	if isOurs(one.code) {
		one.failure = err
	}
	c.report.record(ctx, one, took)
	one.describe()
	return refusal.Err()
}

// isOurs reports whether the service is to blame. Whoever asks for a method that does not exist made a mistake himself,
// as with 404.
func isOurs(code codes.Code) bool {
	switch code {
	case codes.Unknown, codes.DeadlineExceeded, codes.Internal, codes.Unavailable, codes.DataLoss:
		return true
	default:
		return false
	}
}
