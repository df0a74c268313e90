package mysqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"create-service/templates/service/platform/jitter"
)

const (
	// maxRetries is how often a transaction is run again after the first time.
	maxRetries = 3
	// firstPause is the longest pause before the first retry; each further one may be twice as long.
	firstPause = 20 * time.Millisecond
)

// Transact runs do in a transaction and commits it. When do fails or panics nothing of it stays.
//
// After a deadlock, a lock wait or [ErrRetry] the whole of do runs again, at most three times and after random pauses,
// as long as ctx allows. What was in the way is still [fault.Unavailable] when ctx ends first. So do may have no effects outside of the transaction, and must use tx and not the database.
//
// An error that wraps [ErrOutcomeUnknown] says that COMMIT was sent and not answered. Transact cannot know whether
// running do again would do it twice, so it does not.
func (db *DB) Transact(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	var conflict error
	for retry := 0; ; retry++ {
		err := db.attempt(ctx, do)
		if conflict != nil && errors.Is(err, context.DeadlineExceeded) && ctx.Err() != nil {
			return exhausted(conflict)
		}
		if !isConflict(err) {
			return err
		}
		conflict = err
		if retry == maxRetries || !jitter.Pause(ctx, firstPause<<retry) {
			return exhausted(conflict)
		}
		db.retries.Inc()
	}
}

func (db *DB) attempt(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	// Undoes what an error or a panic leaves open. After a commit it does nothing. When it fails the connection is gone,
	// and the server rolls back by itself.
	defer func() { _ = tx.Rollback() }()
	if err := do(ctx, tx); err != nil {
		return err
	}
	err = tx.Commit()
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		// The pool was quicker: it has rolled back because of the context.
		err = ctx.Err()
	}
	return committed(err)
}

// committed tells a COMMIT that the server refused, or that was never sent, from one without an answer.
func committed(err error) error {
	switch {
	case err == nil:
		return nil
	case number(err) != 0, errors.Is(err, sql.ErrTxDone), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("commit: %w", err)
	default:
		return fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
	}
}

// exhausted marks a conflict that outlived the retries: the same request may succeed later.
func exhausted(err error) error {
	if isUnavailable(err) {
		return err
	}
	return &unavailableError{cause: err}
}
