package httpserver

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"create-service/templates/service/platform/logging"
)

// panicked is a panic as an error, and what the log says about it.
type panicked struct {
	value any
	attr  slog.Attr
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
		begun := c.Writer.Written()
		fail(c, &panicked{value: value, attr: logging.Panic(value)})
		if begun {
			panic(http.ErrAbortHandler)
		}
	}()
	c.Next()
}
