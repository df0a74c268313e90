package httpserver

import (
	"bytes"
	"errors"
	"mime"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/platform/literal"
)

// The media types of a body that is read here.
const (
	mediaJSON       = "application/json"
	mediaMergePatch = "application/merge-patch+json"
)

// Body returns the bytes of the request's JSON. It refuses another media type (a patch may also be
// application/merge-patch+json), a compressed body and one over the limit.
func Body(c *gin.Context) ([]byte, error) {
	if !readable(c.Request) {
		if c.Request.Method == http.MethodPatch {
			c.Header("Accept-Patch", mediaMergePatch+", "+mediaJSON)
		}
		return nil, fault.New(fault.Unsupported, "the body must be "+mediaJSON+" in UTF-8, not compressed")
	}
	body := bytes.NewBuffer(make([]byte, 0, max(c.Request.ContentLength, 0)+bytes.MinRead))
	_, err := body.ReadFrom(c.Request.Body)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, errTooLarge()
	case err != nil:
		return nil, fault.New(fault.Malformed, "the body did not arrive in full")
	}
	return body.Bytes(), nil
}

func errTooLarge() error {
	return fault.New(fault.TooLarge, "the body is larger than is accepted here")
}

func readable(r *http.Request) bool {
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return false
	}
	sent := r.Header.Get("Content-Type")
	if sent == mediaJSON {
		return true
	}
	media, params, err := mime.ParseMediaType(sent)
	if err != nil {
		return false
	}
	if charset, given := params["charset"]; given && !strings.EqualFold(charset, "utf-8") {
		return false
	}
	return media == mediaJSON || media == mediaMergePatch && r.Method == http.MethodPatch
}

// ID returns the path's id. One that is not a UUID is malformed.
func ID(c *gin.Context) (uuid.UUID, error) {
	var id uuid.UUID
	if err := literal.Parse(c.Param("id"), &id); err != nil {
		return uuid.Nil, fault.Field(fault.Malformed, "id", "type", err.Error())
	}
	return id, nil
}
