package httpserver

import (
	"context"
	"errors"

	"github.com/gin-gonic/gin"
)

// authorization asks whether a request may go on.
type authorization struct {
	decide func(ctx context.Context, route string, credentials []string) (context.Context, error)
}

// demand ends a request that may not reach its route. One without a route reaches nothing, and is told so.
func (a authorization) demand(c *gin.Context) {
	route := c.FullPath()
	if route == "" {
		c.Next()
		return
	}
	ctx, err := a.decide(c.Request.Context(), c.Request.Method+" "+route, c.Request.Header["Authorization"])
	if err != nil {
		challenge(c, err)
		fail(c, err)
		return
	}
	c.Request = c.Request.WithContext(ctx)
	c.Next()
}

// challenge says which credentials would do, where a refusal knows.
func challenge(c *gin.Context, err error) {
	var known interface{ Challenge() string }
	if errors.As(err, &known) && known.Challenge() != "" {
		c.Header("WWW-Authenticate", known.Challenge())
	}
}

// reasonOf is why a request was refused, as one stable word; empty where a refusal does not say.
func reasonOf(c *gin.Context) string {
	value, _ := c.Get(failureKey)
	err, _ := value.(error)
	var known interface{ Reason() string }
	if err == nil || !errors.As(err, &known) {
		return ""
	}
	return known.Reason()
}
