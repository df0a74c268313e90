package httpserver

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/components/rest/platform/problem"
)

// Handle makes a Gin handler of one that returns its error. The error decides the answer, see [problem.Of]; its
// text goes to the log only.
func Handle(h func(*gin.Context) error) gin.HandlerFunc {
	return handler(h).serve
}

type handler func(*gin.Context) error

func (h handler) serve(c *gin.Context) {
	err := h(c)
	if err == nil {
		err = renderError(c)
	}
	if err != nil {
		fail(c, err)
	}
}

// renderError returns what kept Gin from encoding the answer: it would send an empty one with the status of success.
func renderError(c *gin.Context) error {
	if c.Writer.Written() || len(c.Errors) == 0 {
		return nil
	}
	return c.Errors.Last().Err
}

// failureKey is where a request keeps the error that it failed with.
const failureKey = "httpserver.failure"

// fail keeps err for the log and answers with its problem, unless an answer is on its way already.
func fail(c *gin.Context, err error) {
	c.Set(failureKey, err)
	if !c.Writer.Written() {
		refuse(c, problem.Of(err))
	}
	c.Abort()
}

// outcome is the status of the request for logs, metrics and spans, and the error when the fault is the service's.
// It is 500 or more even when a success was on its way already, as the caller cannot have got all of it.
func outcome(c *gin.Context) (status int, failure error) {
	status = c.Writer.Status()
	value, _ := c.Get(failureKey)
	err, _ := value.(error)
	if err == nil {
		return status, nil
	}
	if failed := problem.Of(err).Status; failed >= http.StatusInternalServerError {
		return max(status, failed), err
	}
	return status, nil
}

// refuse answers with p and ends the chain.
func refuse(c *gin.Context, p problem.Problem) {
	p.Instance = c.Request.URL.EscapedPath()
	p.RequestID = c.Writer.Header().Get(requestIDHeader)
	if span := trace.SpanContextFromContext(c.Request.Context()); span.HasTraceID() {
		p.TraceID = span.TraceID().String()
	}
	// An answer fails to be sent when the caller is gone, and then there is nobody to tell.
	_ = problem.Write(c.Writer, p)
	c.Abort()
}
