package grpcserver

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/peer"

	"create-service/templates/components/grpc/platform/grpccode"
	"create-service/templates/service/platform/logging"
	"create-service/templates/service/platform/peername"
)

// longestAgent is how many bytes of a user agent are logged.
const longestAgent = 256

// accessLog writes one line a call: what failed and what was slow always, successes within the rate. Of the metadata it
// knows the user agent and the request id; messages are never seen.
type accessLog struct {
	handler slog.Handler
	slow    time.Duration
	sampler *logging.Sampler
	dropped prometheus.Counter
}

func newAccessLog(cfg Config, log *slog.Logger, dropped prometheus.Counter) *accessLog {
	return &accessLog{
		handler: log.Handler(),
		slow:    cfg.LogSlow,
		sampler: logging.NewSampler(cfg.LogRate),
		dropped: dropped,
	}
}

// record writes the line of a call that has just ended, or counts it when it is one success too many.
func (a *accessLog) record(ctx context.Context, one call, took time.Duration) {
	if one.code == codes.OK && took < a.slow && !a.sampler.Keep(one.end) {
		a.dropped.Inc()
		return
	}
	level := levelOf(one.code)
	if !a.handler.Enabled(ctx, level) {
		return
	}
	// A Logger would ask for the time and for the line of code: the one is known, the other says nothing.
	line := slog.NewRecord(one.end, level, "call", 0)
	line.AddAttrs(
		slog.String("rpc.method", one.method),
		slog.String("rpc.response.status_code", grpccode.Text(one.code)),
		slog.Int64("event.duration", took.Nanoseconds()),
		slog.String("client.ip", clientIP(ctx)),
		slog.String("user_agent.original", cut(first(ctx, "user-agent"), longestAgent)),
		slog.String("http.request.id", one.requestID),
	)
	if one.reason != "" {
		line.AddAttrs(slog.String("event.reason", one.reason))
	}
	if name := clientName(ctx); name != "" {
		line.AddAttrs(slog.String("tls.client.x509.alternative_names", name))
	}
	if one.failure != nil {
		line.AddAttrs(errorAttr(one.failure))
	}
	_ = a.handler.Handle(ctx, line)
}

func levelOf(code codes.Code) slog.Level {
	if isOurs(code) {
		return slog.LevelError
	}
	return slog.LevelInfo
}

// errorAttr says what went wrong.
func errorAttr(err error) slog.Attr {
	var p *panicked
	if errors.As(err, &p) {
		return p.attr
	}
	return slog.Any("error", err)
}

// clientIP is the other end of the connection.
func clientIP(ctx context.Context) string {
	other, known := peer.FromContext(ctx)
	if !known {
		return ""
	}
	host, _, err := net.SplitHostPort(other.Addr.String())
	if err != nil {
		return ""
	}
	return host
}

// clientName is what the certificate of the other end says; empty without one.
func clientName(ctx context.Context) string {
	other, known := peer.FromContext(ctx)
	if !known {
		return ""
	}
	encryption, isTLS := other.AuthInfo.(credentials.TLSInfo)
	if !isTLS {
		return ""
	}
	return peername.Of(&encryption.State)
}

func cut(s string, longest int) string {
	return s[:min(len(s), longest)]
}
