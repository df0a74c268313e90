package mysqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/go-sql-driver/mysql"

	"create-service/templates/service/kernel/fault"
)

// ErrRetry asks [DB.Transact] to run the transaction again. A function wraps it in the error that it returns.
var ErrRetry = errors.New("run the transaction again")

// ErrOutcomeUnknown is in the error of a transaction whose COMMIT was sent and never answered: it may have happened.
// Repeating it is safe only under a once-key (see [Once]).
var ErrOutcomeUnknown = errors.New("the outcome of the commit is unknown")

var (
	errStatementTimeout = errors.New("the statement exceeded its limit")
	errConnectTimeout   = errors.New("connecting exceeded its limit")
	errUnavailable      = fault.New(fault.Unavailable, "the data cannot be reached at the moment; try again later")
)

const (
	duplicateEntry = 1062
	syntaxError    = 1064
	noSuchTable    = 1146
)

// isConflictNumber tells the server's requests to run the transaction again.
func isConflictNumber(number uint16) bool {
	switch number {
	case 1020, // the row changed since it was read
		1205, // the wait for a lock took too long
		1213: // deadlock
		return true
	default:
		return false
	}
}

// isOutageNumber tells the answers of a server that cannot serve at the moment, whatever the statement.
func isOutageNumber(number uint16) bool {
	switch number {
	case 1021, // disk full
		1040,                   // too many connections
		1041,                   // out of memory
		1047,                   // a Galera node that is not part of its cluster
		1053,                   // shutting down
		1114,                   // the table is full, and so is the disk
		1129,                   // the server refuses this host for a while
		noSuchTable,            // not migrated
		1152,                   // the connection was aborted
		1158, 1159, 1160, 1161, // network errors that the server saw
		1203, 1226, // too many connections of this user, or too much of something else
		1290, // read only: a replica since a failover
		1317, // the query was interrupted
		1836, // read only
		1927, // MariaDB: the connection was killed
		1969, // MariaDB: max_statement_time exceeded
		3024, // MySQL: max_execution_time exceeded
		4031: // MySQL: disconnected after inactivity
		return true
	default:
		return isAccessNumber(number)
	}
}

// isAccessNumber tells the refusals of an account: every statement fails, whatever it says, until the account or its
// password is right again.
func isAccessNumber(number uint16) bool {
	switch number {
	case 1044, 1045, 1130, 1142, 1862, 3118:
		return true
	default:
		return false
	}
}

// isHarmlessNumber tells the errors whose messages name tables, columns, accounts and limits, and never a value. All
// others may hold personal data, such as the value that was there already.
func isHarmlessNumber(number uint16) bool {
	switch number {
	case 1049, // there is no such database
		1050, 1051, 1054, 1060, 1061, 1072, 1091, // what exists and what does not
		1048, 1264, 1364, 1406, 1451, 1452, 3819, 4025, // constraints, by their name
		1792: // the transaction is read only
		return true
	default:
		return isConflictNumber(number) || isOutageNumber(number)
	}
}

// IsDuplicate reports whether err is the server's refusal of a second row with the same unique value. It goes by the
// number: the message, and whether it names the key, differ between servers.
func IsDuplicate(err error) bool {
	return number(err) == duplicateEntry
}

// number is that of the server's error in err's chain. Zero: there is none.
func number(err error) uint16 {
	if refused, ok := errors.AsType[*mysql.MySQLError](err); ok {
		return refused.Number
	}
	return 0
}

func isConflict(err error) bool {
	return errors.Is(err, ErrRetry) || isConflictNumber(number(err))
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

// explain makes an error of the driver one that may be logged, and marks it when the database could not be used. A
// conflict counts as such too: who sees it has run out of retries.
func explain(err error) error {
	if err == nil || isExplained(err) {
		return err
	}
	if n := number(err); n != 0 {
		if isConflictNumber(n) || isOutageNumber(n) {
			return &unavailableError{cause: &refusalError{cause: err}}
		}
		return &refusalError{cause: err}
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

func isConnectionError(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysql.ErrInvalidConn) || errors.Is(err, io.EOF)
}

// refusalError is an error of the server without the values that its message may hold.
type refusalError struct {
	cause error
}

func (e *refusalError) Error() string {
	answer, ok := errors.AsType[*mysql.MySQLError](e.cause)
	if !ok || isHarmlessNumber(answer.Number) {
		return e.cause.Error()
	}
	return fmt.Sprintf("mysql error %d (%s)", answer.Number, answer.SQLState[:])
}

func (e *refusalError) Unwrap() error { return e.cause }

// classOf names what went wrong for spans and metrics, in few words so that the number of series stays bounded.
func classOf(err error) string {
	switch {
	case err == nil:
		return ""
	case IsDuplicate(err):
		return "duplicate"
	case isConflict(err):
		return "conflict"
	case errors.Is(err, errStatementTimeout), errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, context.Canceled):
		return "canceled"
	case isUnavailable(err):
		return "unavailable"
	default:
		return "other"
	}
}
