package mysqldb

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/kernel/message"
)

// maxOnceKey is the size of the column once_keys.once_key in bytes.
const maxOnceKey = 512

var errReused = fault.New(fault.Reused, "the idempotency key was used with another request")

// replay begins the effect of unit in tx, or returns what the first one under its once-key recorded.
//
// When nothing is found the key is claimed, and must be given its result by record before the commit. A twin of the same
// key that arrives meanwhile waits in replay until tx ends: after a commit it finds the result, after a rollback it
// claims the key itself. So replay comes before everything else, or the twin collides with the effect instead. Of a unit
// without a key nothing is found and nothing claimed. The same key with another digest is [fault.Reused]. A key is kept for
// as long as its unit says, or for keep.
func replay(ctx context.Context, tx *sql.Tx, unit message.Unit, keep time.Duration) (result []byte, found bool, err error) {
	if !unit.IsOnce() {
		return nil, false, nil
	}
	claimed, err := claim(ctx, tx, unit, cmp.Or(unit.Keep, keep))
	if err != nil || claimed {
		return nil, false, err
	}
	var digest []byte
	// The first read of the transaction, so it sees the row that was in the way.
	const query = "SELECT `digest`, `result` FROM `once_keys` WHERE `once_key` = ?"
	err = tx.QueryRowContext(ctx, query, []byte(unit.Once)).Scan(&digest, &result)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, false, fmt.Errorf("once-key was swept just now: %w", ErrRetry)
	case err != nil:
		return nil, false, fmt.Errorf("read once-key: %w", err)
	case !bytes.Equal(digest, unit.Digest[:]):
		return nil, false, errReused
	}
	return result, true, nil
}

// claim inserts the key without a result. It reports false when the key is there already.
func claim(ctx context.Context, tx *sql.Tx, unit message.Unit, keep time.Duration) (bool, error) {
	if len(unit.Once) > maxOnceKey {
		return false, fault.New(fault.Malformed, "the idempotency key is too long")
	}
	const query = "INSERT INTO `once_keys` (`once_key`, `digest`, `expires_at`) VALUES (?, ?, UTC_TIMESTAMP(6) + INTERVAL ? SECOND)"
	_, err := tx.ExecContext(ctx, query, []byte(unit.Once), unit.Digest[:], int64(keep/time.Second))
	if IsDuplicate(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("claim once-key: %w", err)
	}
	return true, nil
}

// record keeps the result of the effect that replay began, so that repetitions get the same answer.
func record(ctx context.Context, tx *sql.Tx, unit message.Unit, result []byte) error {
	const query = "UPDATE `once_keys` SET `result` = ? WHERE `once_key` = ?"
	if _, err := tx.ExecContext(ctx, query, result, []byte(unit.Once)); err != nil {
		return fmt.Errorf("record once-key: %w", err)
	}
	return nil
}
