package mongodb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"create-service/templates/service/kernel/fault"
)

var (
	errConflict    = errors.New("the document has changed since it was read")
	errReused      = fault.New(fault.Reused, "the idempotency key was used with another request")
	errUnavailable = fault.New(fault.Unavailable, "the data cannot be reached at the moment; try again later")
)

// isOutageCode tells the answers of a server that cannot serve at the moment, whatever the command.
func isOutageCode(code int) bool {
	switch code {
	case 6, 7, 89, 9001, // hosts and networks, as the server sees them
		24, 46, // locks
		50, 262, // a time limit
		64, 79, 100, // the write concern cannot be met, or not in time
		91, 11600, // shutting down
		112,      // a conflict with another write
		133, 134, // no server fits, or none has what a majority has read
		189, 11602, 11601, // a primary that stepped down, and what it interrupted
		10107, 13435, 13436, // not the primary
		14031: // disk full
		return true
	default:
		return isAccessCode(code)
	}
}

// isAccessCode tells the refusals of an account (Unauthorized, AuthenticationFailed): every command fails, whatever it says,
// until the account or its password is right again.
func isAccessCode(code int) bool { return code == 13 || code == 18 }

// IsDuplicate reports whether err is the server's refusal of a second document with the same unique value.
func IsDuplicate(err error) bool { return mongo.IsDuplicateKeyError(err) }

// isIndexGone tells the answer to dropIndexes for an index that is not there.
func isIndexGone(err error) bool {
	refusal, ok := errors.AsType[mongo.CommandError](err)
	return ok && refusal.HasErrorCode(27)
}

func isUnavailable(err error) bool {
	_, ok := errors.AsType[*unavailableError](err)
	return ok
}

// unavailableError marks an error of the server or of the way to it as one that has nothing to do with the request.
type unavailableError struct {
	cause error
}

func (e *unavailableError) Error() string { return e.cause.Error() }

func (e *unavailableError) Unwrap() []error { return []error{errUnavailable, e.cause} }

// refusalError is an error of the server without its message, which may hold values and whole commands.
type refusalError struct {
	codes []int
	cause error
}

func (e *refusalError) Error() string { return fmt.Sprintf("mongodb error %v", e.codes) }

func (e *refusalError) Unwrap() error { return e.cause }

// explain makes an error of the driver one that may be logged, and marks it when the database could not be used. The
// context is the caller's: its end is no outage.
func explain(caller context.Context, err error) error {
	if err == nil || errors.Is(err, mongo.ErrNoDocuments) || isExplained(err) {
		return err
	}
	if ended := caller.Err(); ended != nil && !IsDuplicate(err) {
		return fmt.Errorf("mongodb: %w", ended)
	}
	var answered mongo.ServerError
	if errors.As(err, &answered) && !mongo.IsNetworkError(err) {
		codes := mongo.ErrorCodes(err)
		refused := &refusalError{codes: codes, cause: err}
		if slices.ContainsFunc(codes, isOutageCode) || mongo.IsTimeout(err) {
			return &unavailableError{cause: refused}
		}
		return refused
	}
	if isConnectionError(err) {
		return &unavailableError{cause: err}
	}
	return err
}

func isExplained(err error) bool {
	_, refused := errors.AsType[*refusalError](err)
	return refused || isUnavailable(err)
}

// classOf names what went wrong for spans and metrics, in few words so that the number of series stays bounded.
func classOf(err error) string {
	switch {
	case err == nil:
		return ""
	case IsDuplicate(err):
		return "duplicate"
	case errors.Is(err, context.Canceled):
		return "canceled"
	case mongo.IsTimeout(err), errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case isConnectionError(err), slices.ContainsFunc(mongo.ErrorCodes(err), isOutageCode):
		return "unavailable"
	default:
		return "other"
	}
}

// isConnectionError tells what went wrong on the way to the server, or while one was looked for.
func isConnectionError(err error) bool {
	_, network := errors.AsType[net.Error](err)
	return network || mongo.IsNetworkError(err) || mongo.IsTimeout(err) || errors.Is(err, io.EOF)
}
