package httpserver

import (
	"time"

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
	chain := []gin.HandlerFunc{
		securityHeaders(),
		requestID,
		newScope(cfg, d).enter,
		recorder{metrics: metrics, log: newAccessLog(cfg, d.Log, metrics.dropped)}.observe,
		recoverPanic,
		work.admit,
	}
	if d.Authorize != nil {
		chain = append(chain, authorization{d.Authorize}.demand)
	}
	return append(chain, bodyLimit(cfg.MaxBodyBytes).enforce), nil
}

// recorder measures and logs what is inside of it, by one clock.
type recorder struct {
	metrics *requestMetrics
	log     *accessLog
}

// observe counts a request that is cut off as well.
func (r recorder) observe(c *gin.Context) {
	start := time.Now()
	defer func() {
		took := time.Since(start)
		end := start.Add(took)
		r.metrics.record(c, end, took)
		r.log.record(c, end, took)
	}()
	c.Next()
}

// routeOf is the template of the matched route, never the path, which holds ids.
func routeOf(c *gin.Context) string {
	if route := c.FullPath(); route != "" {
		return route
	}
	return unmatched
}

// otherMethod is OpenTelemetry's word for a method that nobody knows.
const otherMethod = "_OTHER"

// methodOf keeps the number of methods finite.
func methodOf(c *gin.Context) string {
	switch m := c.Request.Method; m {
	case "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE":
		return m
	default:
		return otherMethod
	}
}
