package httpserver

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/gin-gonic/gin"
)

// panicked is a panic as an error, with the stack for the log.
type panicked struct {
	value any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

// recoverPanic turns a panic into a 500 and keeps the process up. When part of an answer is out already, the
// connection is cut instead, so that nobody takes the part for the whole.
func recoverPanic(c *gin.Context) {
	defer func() {
		value := recover()
		if value == nil {
			return
		}
		if err, ok := value.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(value)
		}
		fail(c, &panicked{value: value, stack: debug.Stack()})
		if c.Writer.Written() && c.Writer.Status() != http.StatusInternalServerError {
			panic(http.ErrAbortHandler)
		}
	}()
	c.Next()
}
