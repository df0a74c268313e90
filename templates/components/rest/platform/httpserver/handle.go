package httpserver

import (
	"errors"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/components/rest/platform/problem"
)

// Handle makes a Gin handler of one that returns its error. The error decides the answer, see [problem.Of]; its
// text goes to the log only.
func Handle(h func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		err := h(c)
		if err == nil {
			err = renderError(c)
		}
		if err != nil {
			fail(c, err)
		}
	}
}

// renderError returns what kept Gin from encoding the answer: it would send an empty one with the status of success.
func renderError(c *gin.Context) error {
	if c.Writer.Written() || len(c.Errors) == 0 {
		return nil
	}
	return c.Errors.Last().Err
}

// fail keeps err for the log and answers with its problem, unless an answer is on its way already.
func fail(c *gin.Context, err error) {
	c.Errors = append(c.Errors, &gin.Error{Err: err, Type: gin.ErrorTypePrivate})
	if !c.Writer.Written() {
		refuse(c, problem.Of(err))
	}
	c.Abort()
}

// refuse answers with p and ends the chain.
func refuse(c *gin.Context, p problem.Problem) {
	p.Instance = c.Request.URL.EscapedPath()
	p.RequestID = c.Writer.Header().Get(requestIDHeader)
	if span := trace.SpanContextFromContext(c.Request.Context()); span.HasTraceID() {
		p.TraceID = span.TraceID().String()
	}
	if err := problem.Write(c.Writer, p); err != nil {
		c.Errors = append(c.Errors, &gin.Error{Err: errors.Join(errAnswer, err), Type: gin.ErrorTypePrivate})
	}
	c.Abort()
}

var errAnswer = errors.New("the answer could not be sent")
