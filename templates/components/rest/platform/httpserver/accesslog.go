package httpserver

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"create-service/templates/service/platform/logging"
	"create-service/templates/service/platform/peername"
)

// longestAgent is how many bytes of a User-Agent are logged.
const longestAgent = 256

// accessLog writes one line a request: what failed and what was slow always, successes within the rate. It knows
// the route, not the path, and of the headers only User-Agent; queries and bodies are never seen.
type accessLog struct {
	handler slog.Handler
	slow    time.Duration
	sampler *logging.Sampler
	dropped prometheus.Counter
	// trusting is whether a proxy's word is taken for the client's address.
	trusting bool
}

func newAccessLog(cfg Config, log *slog.Logger, dropped prometheus.Counter) *accessLog {
	return &accessLog{
		handler:  log.Handler(),
		slow:     cfg.LogSlow,
		sampler:  logging.NewSampler(cfg.LogRate),
		dropped:  dropped,
		trusting: len(cfg.TrustedProxies) > 0,
	}
}

// record writes the line of a request that has just ended, or counts it when it is one success too many.
func (a *accessLog) record(c *gin.Context, end time.Time, took time.Duration) {
	status, failure := outcome(c)
	if status < http.StatusBadRequest && took < a.slow && !a.sampler.Keep(end) {
		a.dropped.Inc()
		return
	}
	ctx, level := c.Request.Context(), levelOf(status)
	if !a.handler.Enabled(ctx, level) {
		return
	}
	// A Logger would ask for the time and for the line of code: the one is known, the other says nothing.
	line := slog.NewRecord(end, level, "request", 0)
	line.AddAttrs(
		slog.String("http.request.method", methodOf(c)),
		slog.String("http.route", routeOf(c)),
		slog.Int("http.response.status_code", status),
		slog.Int64("event.duration", took.Nanoseconds()),
		slog.String("client.ip", a.clientIP(c)),
		slog.String("user_agent.original", cut(c.Request.UserAgent(), longestAgent)),
		slog.String("http.request.id", c.Writer.Header().Get(requestIDHeader)),
	)
	if reason := reasonOf(c); reason != "" {
		line.AddAttrs(slog.String("event.reason", reason))
	}
	if name := peername.Of(c.Request.TLS); name != "" {
		line.AddAttrs(slog.String("tls.client.x509.alternative_names", name))
	}
	if failure != nil {
		line.AddAttrs(errorAttr(failure))
	}
	_ = a.handler.Handle(ctx, line)
}

func levelOf(status int) slog.Level {
	if status >= http.StatusInternalServerError {
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

// clientIP is the other end of the connection, unless a trusted proxy says whom it speaks for.
func (a *accessLog) clientIP(c *gin.Context) string {
	if a.trusting {
		return c.ClientIP()
	}
	host, _, err := net.SplitHostPort(c.Request.RemoteAddr)
	if err != nil {
		return ""
	}
	return host
}

func cut(s string, longest int) string {
	return s[:min(len(s), longest)]
}
