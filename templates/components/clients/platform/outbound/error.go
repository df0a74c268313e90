package outbound

import (
	"context"
	"errors"
	"fmt"

	"github.com/sony/gobreaker/v2"

	"create-service/templates/service/kernel/fault"
)

// ErrUnavailable marks the failure of a call for which the peer could not be reached, or could not work just then.
// Protocols wrap it; callers see [fault.Unavailable].
var ErrUnavailable = errors.New("the peer is not available")

// Unavailable returns err marked with [ErrUnavailable].
func Unavailable(err error) error { return fmt.Errorf("%w: %w", ErrUnavailable, err) }

// Error is a call that did not succeed.
//
// It says what that means for whoever waits for this service: a peer that is away is a [fault.Unavailable], time that ran
// out is a [context.DeadlineExceeded], so that an edge answers with 503 or 504 although it knows nothing of the peer.
// What the peer refused means nothing by itself: it is in the chain as the protocol's own error, and whoever asked decides.
type Error struct {
	// Peer is whom the call was for.
	Peer string
	// Cause is the error of the protocol, or why there was no call.
	Cause error

	meaning error
}

// Error is for the log: it may hold the peer's words.
func (e *Error) Error() string { return e.Peer + ": " + e.Cause.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is reports whether the meaning is the target; the cause is asked by [errors.Is].
func (e *Error) Is(target error) bool { return errors.Is(e.meaning, target) }

// As finds the target in the meaning; the cause is asked by [errors.As].
func (e *Error) As(target any) bool { return e.meaning != nil && errors.As(e.meaning, target) }

// wrap gives an error its meaning.
func (p *Peer) wrap(cause error) error {
	return &Error{Peer: p.name, Cause: cause, meaning: meaning(cause)}
}

// failure is the error of a call whose last attempt failed. When its time ran out, that is why, whatever the protocol
// says.
func (p *Peer) failure(ctx context.Context, cause error) error {
	if err := ctx.Err(); err != nil {
		return &Error{Peer: p.name, Cause: cause, meaning: err}
	}
	return p.wrap(cause)
}

func meaning(cause error) error {
	switch {
	case errors.Is(cause, context.DeadlineExceeded):
		return context.DeadlineExceeded
	case errors.Is(cause, context.Canceled):
		return context.Canceled
	case errors.Is(cause, ErrUnavailable),
		errors.Is(cause, gobreaker.ErrOpenState), errors.Is(cause, gobreaker.ErrTooManyRequests):
		return fault.New(fault.Unavailable, "a service that this one needs cannot answer now")
	default:
		return nil
	}
}
