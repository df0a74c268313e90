package httpserver

import (
	"crypto/rand"

	"github.com/gin-gonic/gin"
)

const requestIDHeader = "X-Request-Id"

// longestRequestID is how many characters of a caller's request id are believed: a UUID has 36, and the id is
// written to every log line.
const longestRequestID = 64

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
	id := c.Request.Header.Get(requestIDHeader)
	if !isRequestID(id) {
		id = rand.Text()
	}
	c.Writer.Header().Set(requestIDHeader, id)
}

func isRequestID(id string) bool {
	for i := range len(id) {
		if !isIDCharacter(id[i]) {
			return false
		}
	}
	return id != "" && len(id) <= longestRequestID
}

func isIDCharacter(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_' || b == '.'
}
