// Package problem turns errors into the problem details of RFC 9457, the only form in which this service says no.
//
// A refusal that a program may want to tell from others has a type of its own, "urn:problem:<kind>": a name, not
// an address, so it means the same in every environment. Where the status code already says everything, the type
// is "about:blank", as section 4.2.1 of the RFC has it.
package problem

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"create-service/templates/service/kernel/fault"
)

// MediaType is the Content-Type of a problem.
const MediaType = "application/problem+json"

// RetryAfter is after how many seconds a caller may repeat what was refused for want of capacity. It is short,
// because what is overloaded here recovers within one request's time.
const RetryAfter = 1

// StatusClientGone is written to nobody: it marks in logs and metrics that the caller hung up first. The number is
// nginx's.
const StatusClientGone = 499

// Problem is one refusal as the caller sees it.
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	// Instance is the path that was asked for, without the query.
	Instance string `json:"instance,omitempty"`
	// Errors names every bad field, when fields are what is wrong.
	Errors []FieldError `json:"errors,omitempty"`
	// RequestID and TraceID find this request in the logs and the traces.
	RequestID string `json:"request_id,omitempty"`
	TraceID   string `json:"trace_id,omitempty"`
}

// FieldError names one field and the rule that it breaks. It never holds the value.
type FieldError struct {
	Field   string `json:"field"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
}

// form is what every problem of one kind has in common.
type form struct {
	status int
	name   string
	title  string
}

// formOf is the one table from a kind of fault to its status.
func formOf(kind fault.Kind) form {
	switch kind {
	case fault.Malformed:
		return form{http.StatusBadRequest, "malformed", "The request cannot be read"}
	case fault.Unauthenticated:
		return form{http.StatusUnauthorized, "unauthenticated", "The caller is not known"}
	case fault.Forbidden:
		return form{http.StatusForbidden, "forbidden", "The caller may not do this"}
	case fault.Invalid:
		return form{http.StatusUnprocessableEntity, "invalid", "The request breaks a rule"}
	case fault.NotFound:
		return form{http.StatusNotFound, "not-found", "There is no such thing"}
	case fault.Exists:
		return form{http.StatusConflict, "exists", "A value that must be unique is taken"}
	case fault.WrongState:
		return form{http.StatusConflict, "wrong-state", "The present state does not allow this"}
	case fault.Stale:
		return form{http.StatusPreconditionFailed, "stale", "The version is not the current one"}
	case fault.VersionRequired:
		return form{http.StatusPreconditionRequired, "version-required", "The request must name a version"}
	case fault.Reused:
		return form{http.StatusUnprocessableEntity, "reused", "The idempotency key belongs to another request"}
	case fault.TooLarge:
		return form{http.StatusRequestEntityTooLarge, "too-large", "The request is too large"}
	case fault.Unsupported:
		return form{http.StatusUnsupportedMediaType, "unsupported", "The media type is not read here"}
	case fault.Unavailable:
		return form{http.StatusServiceUnavailable, "unavailable", "The service cannot do this now"}
	case fault.Internal:
		return form{}
	}
	return form{}
}

// Of returns what the caller may know of err. The text of an error that is no [*fault.Error] never appears: a
// deadline becomes 504, a caller that hung up [StatusClientGone], everything else 500.
func Of(err error) Problem {
	var refusal *fault.Error
	switch {
	case errors.As(err, &refusal) && refusal.Kind != fault.Internal:
		return ofFault(refusal)
	case errors.Is(err, context.DeadlineExceeded):
		return OfStatus(http.StatusGatewayTimeout)
	case errors.Is(err, context.Canceled):
		return OfStatus(StatusClientGone)
	default:
		return OfStatus(http.StatusInternalServerError)
	}
}

func ofFault(refusal *fault.Error) Problem {
	f := formOf(refusal.Kind)
	p := Problem{Type: "urn:problem:" + f.name, Title: f.title, Status: f.status, Detail: refusal.Message}
	for _, v := range refusal.Violations {
		p.Errors = append(p.Errors, FieldError{Field: v.Field, Rule: v.Rule, Message: v.Message})
	}
	return p
}

// OfStatus returns the problem of a status that needs no further words.
func OfStatus(status int) Problem {
	p := Problem{Type: "about:blank", Title: http.StatusText(status), Status: status}
	switch status {
	case StatusClientGone:
		p.Title = "Client Closed Request"
	case http.StatusGatewayTimeout:
		p.Detail = "the request took too long and was given up"
	case http.StatusInternalServerError:
		p.Detail = "something went wrong here; the request id finds it in the logs"
	}
	return p
}

// Write sends p, with Retry-After when the same request may succeed later.
func Write(w http.ResponseWriter, p Problem) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", MediaType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", strconv.Itoa(RetryAfter))
	}
	w.WriteHeader(p.Status)
	_, err = w.Write(body)
	return err
}
