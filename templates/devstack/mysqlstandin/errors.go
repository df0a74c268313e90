package mysqlstandin

import (
	"errors"
	"strings"

	"github.com/dolthub/vitess/go/mysql"
)

func errLockWait() error {
	return mysql.NewSQLError(mysql.ERLockWaitTimeout, "HY000", "Lock wait timeout exceeded; try restarting transaction")
}

func errReadOnly() error {
	return mysql.NewSQLError(1792, "25006", "Cannot execute statement in a READ ONLY transaction.")
}

func errNoSession() error {
	return mysql.NewSQLError(mysql.CRServerLost, mysql.SSUnknownSQLState, "the connection has no session")
}

// withNumber gives an error that the engine reports under its catch-all number the one that MySQL has for it.
func withNumber(err error) error {
	answer, ok := errors.AsType[*mysql.SQLError](err)
	if !ok || answer.Num != mysql.ERUnknownError {
		return err
	}
	switch message := answer.Message; {
	case strings.HasPrefix(message, "Check constraint"):
		return mysql.NewSQLError(3819, "HY000", "%s", message)
	case strings.Contains(message, "is too large for column"):
		return mysql.NewSQLError(mysql.ERDataTooLong, mysql.SSDataTooLong, "%s", message)
	case strings.Contains(message, "doesn't have a default value"):
		return mysql.NewSQLError(mysql.ERNoDefaultForField, mysql.SSUnknownSQLState, "%s", message)
	case strings.Contains(message, "could not be found in any table in scope"):
		return mysql.NewSQLError(mysql.ERBadFieldError, mysql.SSBadFieldError, "%s", message)
	case strings.HasPrefix(message, "syntax error"):
		return mysql.NewSQLError(mysql.ERParseError, mysql.SSClientError, "%s", message)
	default:
		return err
	}
}
