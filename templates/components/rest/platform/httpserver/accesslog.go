package httpserver

import (
	"errors"
	"log/slog"
	"net"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
)

// longestAgent is how many bytes of a User-Agent are logged.
const longestAgent = 256

// accessLog writes one line a request: what failed and what was slow always, successes within the rate. It knows
// the route, not the path, and of the headers only User-Agent; queries and bodies are never seen.
type accessLog struct {
	log     *slog.Logger
	slow    time.Duration
	sampler *sampler
	dropped prometheus.Counter
	// trusting is whether a proxy's word is taken for the client's address.
	trusting bool
}

func newAccessLog(cfg Config, log *slog.Logger, dropped prometheus.Counter) *accessLog {
	return &accessLog{
		log:      log,
		slow:     cfg.LogSlow,
		sampler:  &sampler{rate: cfg.LogRate},
		dropped:  dropped,
		trusting: len(cfg.TrustedProxies) > 0,
	}
}

// record writes the line of a request that has just ended, or counts it when it is one success too many.
func (a *accessLog) record(c *gin.Context, end time.Time, took time.Duration) {
	if c.Writer.Status() < 400 && took < a.slow && !a.sampler.keep(end) {
		a.dropped.Inc()
		return
	}
	a.line(c, took)
}

func (a *accessLog) line(c *gin.Context, took time.Duration) {
	status := c.Writer.Status()
	level, message := slog.LevelInfo, "request"
	if status >= 500 {
		level, message = slog.LevelError, "request failed"
	}
	ctx := c.Request.Context()
	if !a.log.Enabled(ctx, level) {
		return
	}
	attrs := [8]slog.Attr{
		slog.String("http.request.method", methodOf(c)),
		slog.String("http.route", routeOf(c)),
		slog.Int("http.response.status_code", status),
		slog.Int64("event.duration", took.Nanoseconds()),
		slog.String("client.ip", a.clientIP(c)),
		slog.String("user_agent.original", cut(c.Request.UserAgent(), longestAgent)),
		slog.String("http.request.id", c.Writer.Header().Get(requestIDHeader)),
	}
	a.log.LogAttrs(ctx, level, message, withError(attrs[:7], c)...)
}

// withError adds what went wrong. A refusal has no text here: its detail may name what the caller sent.
func withError(attrs []slog.Attr, c *gin.Context) []slog.Attr {
	if len(c.Errors) == 0 || c.Writer.Status() < 500 {
		return attrs
	}
	err := c.Errors.Last().Err
	var p *panicked
	if errors.As(err, &p) {
		return append(attrs, p.attr)
	}
	return append(attrs, slog.Any("error", err))
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
