package httpclient

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// JSON is the body of a request as JSON, and its media type.
func JSON(r Request, mediaType string, body any) (Request, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return r, fmt.Errorf("encode the request: %w", err)
	}
	r.Header = r.Header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	r.Header.Set("Content-Type", mediaType)
	r.Body = text
	return r, nil
}

// Result is the answer to a call, decoded.
type Result[T any] struct {
	Body T
	// Header has what is said beside the body, such as ETag.
	Header http.Header
}

// ETag names the version of the body, for If-Match.
func (r Result[T]) ETag() string { return r.Header.Get("ETag") }

// Fetch makes a call whose answer is JSON, or has no content. Members that T does not have are left out: a peer may add some.
func Fetch[T any](ctx context.Context, c *Client, r Request) (result Result[T], err error) {
	answer, err := c.Do(ctx, r)
	if err != nil {
		return result, err
	}
	if answer.Status == http.StatusNoContent {
		return Result[T]{Header: answer.Header}, nil
	}
	if err := json.Unmarshal(answer.Body, &result.Body); err != nil {
		return result, fmt.Errorf("%s: %s %s answered what cannot be decoded: %w", c.deps.Peer, r.Method, r.Route, err)
	}
	result.Header = answer.Header
	return result, nil
}

// Optional is a member that may be left out, and may be null: two different things. Its zero value is left out; the
// member needs the option omitzero.
type Optional[T any] struct {
	value *T
	given bool
}

// Some is a member that is given.
func Some[T any](value T) Optional[T] { return Optional[T]{value: &value, given: true} }

// Null is a member that is null.
func Null[T any]() Optional[T] { return Optional[T]{given: true} }

// Get returns the value; false: the member is null or left out.
func (o Optional[T]) Get() (value T, ok bool) {
	if o.value == nil {
		return value, false
	}
	return *o.value, true
}

// IsZero reports whether the member is left out.
func (o Optional[T]) IsZero() bool { return !o.given }

// MarshalJSON writes the value or null.
func (o Optional[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.value) }

// UnmarshalJSON reads the value or null.
func (o *Optional[T]) UnmarshalJSON(text []byte) error {
	o.given = true
	return json.Unmarshal(text, &o.value)
}
