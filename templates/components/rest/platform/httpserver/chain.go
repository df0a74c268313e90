package httpserver

import (
	"github.com/gin-gonic/gin"
)

// unmatched is the route of every request that has none, so that a scanner cannot make new values.
const unmatched = "unmatched"

// newChain returns the middleware in the order in which a request passes it. What observes a request is outside of
// what may refuse it, so that a refusal is seen too.
func newChain(cfg Config, d Deps) ([]gin.HandlerFunc, error) {
	work := &admission{limit: cfg.MaxInFlight}
	metrics, err := newRequestMetrics(cfg, d.Registry, work)
	if err != nil {
		return nil, err
	}
	return []gin.HandlerFunc{
		securityHeaders,
		requestID,
		newTracer(d.Tracing, d.Propagator).trace,
		metrics.measure,
		newAccessLog(cfg, d.Log, metrics.dropped).write,
		recoverPanic,
		work.admit,
		deadline(cfg.HandlerTimeout),
		limitBody(cfg.MaxBodyBytes),
	}, nil
}

// routeOf is the template of the matched route, never the path, which holds ids.
func routeOf(c *gin.Context) string {
	if route := c.FullPath(); route != "" {
		return route
	}
	return unmatched
}

// methodOf keeps the number of methods finite: OpenTelemetry's word for an unknown one is _OTHER.
func methodOf(c *gin.Context) string {
	switch m := c.Request.Method; m {
	case "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE":
		return m
	default:
		return "_OTHER"
	}
}
