package httpserver

import (
	"github.com/gin-gonic/gin"

	"create-service/templates/service/platform/requestid"
)

const requestIDHeader = "X-Request-Id"

// securityHeaders makes an answer inert in a browser: it is an API, so nothing may sniff, store, frame or run it.
// A handler that answers with a page sets its own policy. The values are made once for all requests.
func securityHeaders() gin.HandlerFunc {
	nosniff, noStore := []string{"nosniff"}, []string{"no-store"}
	policy := []string{"default-src 'none'; frame-ancestors 'none'"}
	tlsOnly := []string{"max-age=31536000"}
	return func(c *gin.Context) {
		h := c.Writer.Header()
		h["X-Content-Type-Options"] = nosniff
		h["Cache-Control"] = noStore
		h["Content-Security-Policy"] = policy
		if c.Request.TLS != nil {
			h["Strict-Transport-Security"] = tlsOnly
		}
	}
}

// requestID takes over the caller's id when it is harmless, makes one otherwise, and returns it in the answer.
func requestID(c *gin.Context) {
	c.Writer.Header().Set(requestIDHeader, requestid.Of(c.Request.Header.Get(requestIDHeader)))
}
