// Package fault is the vocabulary of refusals: what the domain and the edges say when they cannot do what was asked.
//
// The domain creates errors, every edge translates a [Kind] once (to an HTTP status, to a gRPC code). An error
// that is no [*Error] is [Internal]: its text is for the log, never for the caller.
package fault

import (
	"errors"
	"strings"
)

// Kind classifies a refusal by what the caller can do about it.
type Kind uint8

// The kinds, from the caller's fault to ours.
const (
	// Internal is any error that is not a fault: the caller can do nothing about it.
	Internal Kind = iota
	// Malformed: the request cannot be read (syntax, type, unknown name).
	Malformed
	// Unauthenticated: nobody knows who asks.
	Unauthenticated
	// Forbidden: it is known who asks, and he may not do this.
	Forbidden
	// Invalid: the request was read, and its values break a rule.
	Invalid
	// NotFound: there is no such thing.
	NotFound
	// Exists: a value that must be unique is taken.
	Exists
	// WrongState: the thing is not in a state that allows this.
	WrongState
	// Stale: the caller's version of the thing is not the current one.
	Stale
	// VersionRequired: the caller must say which version it means to change.
	VersionRequired
	// Reused: an idempotency key came with another request than the first time.
	Reused
	// TooLarge: the request is over a size limit.
	TooLarge
	// Unsupported: the request's media type is not one that is read here.
	Unsupported
	// Unavailable: not now; the same request may succeed later.
	Unavailable
)

// Error is a refusal. Message and Violations go to the caller, so they never hold a value of a field: a value may
// be personal data.
type Error struct {
	Kind       Kind
	Message    string
	Violations []Violation
}

// Violation names one field and the rule that its value breaks.
type Violation struct {
	// Field is the name on the wire, for example "customer_id".
	Field string
	// Rule is a stable word for programs, for example "required".
	Rule string
	// Message is for people and completes the sentence "<field> …".
	Message string
}

// New returns a refusal of the given kind. Compare with [errors.Is] when the result is kept in a variable.
func New(kind Kind, message string) *Error {
	return &Error{Kind: kind, Message: message}
}

// Field returns a refusal of the given kind because of one field.
func Field(kind Kind, field, rule, message string) *Error {
	return &Error{Kind: kind, Message: field + " " + message, Violations: []Violation{{Field: field, Rule: rule, Message: message}}}
}

// Error returns the message and the broken rules; it holds no values.
func (e *Error) Error() string {
	if len(e.Violations) == 0 {
		return e.Message
	}
	parts := make([]string, len(e.Violations))
	for i, v := range e.Violations {
		parts[i] = v.Field + " " + v.Message
	}
	return e.Message + ": " + strings.Join(parts, "; ")
}

// KindOf returns the kind of the first [*Error] in err's chain, and [Internal] when there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}
