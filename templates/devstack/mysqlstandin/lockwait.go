package mysqlstandin

import (
	"time"

	"github.com/dolthub/go-mysql-server/sql"
	"github.com/dolthub/go-mysql-server/sql/types"
)

const (
	lockWaitName = "innodb_lock_wait_timeout"
	// defaultLockWait is MySQL's own default in seconds.
	defaultLockWait = 50
)

// lockWaitVariable is the variable with MySQL's range; the engine's own takes no value but 1.
func lockWaitVariable() sql.SystemVariable {
	return &sql.MysqlSystemVariable{
		Name:    lockWaitName,
		Scope:   sql.GetMysqlScope(sql.SystemVariableScope_Both),
		Dynamic: true,
		Type:    types.NewSystemIntType(lockWaitName, 1, 1<<30, false),
		Default: int64(defaultLockWait),
	}
}

// lockWait is how long a session waits for the gate.
func lockWait(session sql.Session) time.Duration {
	value, err := session.GetSessionVariable(sql.NewEmptyContext(), lockWaitName)
	if seconds, ok := value.(int64); ok && err == nil {
		return time.Duration(seconds) * time.Second
	}
	return defaultLockWait * time.Second
}
