package httpserver

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"

	"github.com/gin-gonic/gin"

	"create-service/templates/components/rest/platform/jsonbody"
	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/kernel/message"
)

const idempotencyHeader = "Idempotency-Key"

// longestKey is the longest Idempotency-Key in bytes, so that with the route in front it fits an indexed column.
const longestKey = 255

// Unit returns the once-key of the request: the Idempotency-Key, in force for this method and route, with a digest
// of everything that makes this request what it is. Without the header it is the zero unit.
func Unit(c *gin.Context, body []byte) (message.Unit, error) {
	values := c.Request.Header.Values(idempotencyHeader)
	if len(values) == 0 {
		return message.Unit{}, nil
	}
	if len(values) > 1 || !isKey(values[0]) {
		return message.Unit{}, fault.New(fault.Malformed,
			"the header Idempotency-Key must be given once, with 1 to 255 printable ASCII characters")
	}
	return message.Unit{
		Once:   c.Request.Method + " " + c.FullPath() + " " + values[0],
		Digest: digest(c, body),
	}, nil
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

func isKey(key string) bool {
	for i := range len(key) {
		if key[i] < ' ' || key[i] > '~' {
			return false
		}
	}
	return key != "" && len(key) <= longestKey
}

// digest is the SHA-256 over method, route, path and body, each with its length in front. White space between the
// body's tokens does not count.
func digest(c *gin.Context, body []byte) [sha256.Size]byte {
	var compact bytes.Buffer
	if err := json.Compact(&compact, body); err == nil {
		body = compact.Bytes()
	}
	var request []byte
	for _, part := range [][]byte{[]byte(c.Request.Method), []byte(c.FullPath()), []byte(c.Request.URL.Path), body} {
		request = binary.BigEndian.AppendUint64(request, uint64(len(part)))
		request = append(request, part...)
	}
	return sha256.Sum256(request)
}
