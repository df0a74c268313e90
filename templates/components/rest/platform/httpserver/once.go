package httpserver

import (
	"bytes"
	"encoding/json"

	"github.com/gin-gonic/gin"

	"create-service/templates/components/rest/platform/jsonbody"
	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/kernel/message"
	"create-service/templates/service/platform/oncekey"
)

const idempotencyHeader = "Idempotency-Key"

// Unit returns the once-key of the request: the Idempotency-Key, in force for this caller, method and route, with a digest
// of everything that makes this request what it is. Without the header it is the zero unit.
func Unit(c *gin.Context, body []byte) (message.Unit, error) {
	values := c.Request.Header.Values(idempotencyHeader)
	if len(values) == 0 {
		return message.Unit{}, nil
	}
	if len(values) > 1 || !oncekey.IsValid(values[0]) {
		return message.Unit{}, fault.New(fault.Malformed,
			"the header Idempotency-Key must be given once, with 1 to 255 printable ASCII characters")
	}
	method, route := c.Request.Method, c.FullPath()
	return oncekey.Unit(c.Request.Context(), method+" "+route, values[0], []byte(method), []byte(route), []byte(c.Request.URL.Path), compact(body)), nil
}

// UnitWithoutBody is [Unit] for a request that has nothing to say but its path: a body must be absent or an empty
// object.
func UnitWithoutBody(c *gin.Context) (message.Unit, error) {
	if c.Request.ContentLength != 0 {
		body, err := Body(c)
		if err == nil {
			err = jsonbody.Decode(body)
		}
		if err != nil {
			return message.Unit{}, err
		}
	}
	return Unit(c, nil)
}

// compact returns JSON without the white space between its tokens, and what is no JSON as it is.
func compact(body []byte) []byte {
	var text bytes.Buffer
	if err := json.Compact(&text, body); err != nil {
		return body
	}
	return text.Bytes()
}
