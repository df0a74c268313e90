package httpserver

import (
	"net/http"
	"sync/atomic"

	"github.com/gin-gonic/gin"

	"create-service/templates/components/rest/platform/problem"
	"create-service/templates/service/kernel/fault"
)

// admission counts the requests in progress and refuses those over the limit, which keeps a slow dependency from
// filling the memory.
type admission struct {
	limit    int64
	inFlight atomic.Int64
}

func (a *admission) admit(c *gin.Context) {
	defer a.inFlight.Add(-1)
	if a.inFlight.Add(1) > a.limit {
		refuse(c, problem.Of(fault.New(fault.Unavailable, "too many requests are in progress")))
		return
	}
	c.Next()
}

// bodyLimit is the largest body in bytes.
type bodyLimit int64

// enforce refuses a body that says it is too large before a byte of it is read, and ends the reading of one that does
// not say.
func (limit bodyLimit) enforce(c *gin.Context) {
	if c.Request.ContentLength > int64(limit) {
		refuse(c, problem.Of(errTooLarge()))
		return
	}
	if c.Request.Body != nil && c.Request.Body != http.NoBody {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, int64(limit))
	}
	c.Next()
}
