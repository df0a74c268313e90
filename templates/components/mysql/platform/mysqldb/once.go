package mysqldb

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"create-service/templates/service/kernel/message"
	"create-service/templates/service/platform/jitter"
)

// Once runs effect in a transaction that commits unit with it, and returns effect's result. When unit's once-key was
// used before, it runs nothing and returns the result of that time; under the same key another request is
// [fault.Reused]. The result is kept as JSON, so T must come back from JSON as it was.
//
// Effect may run more than once (see [DB.Transact]), but is committed once. Under a once-key that holds even when the
// answer to a COMMIT is lost: the second run finds the key if the first was committed.
func Once[T any](ctx context.Context, db *DB, unit message.Unit, effect func(context.Context, *sql.Tx) (T, error)) (T, error) {
	result, err := once(ctx, db, unit, effect)
	if unit.IsOnce() && errors.Is(err, ErrOutcomeUnknown) && jitter.Pause(ctx, firstPause) {
		return once(ctx, db, unit, effect)
	}
	return result, err
}

func once[T any](ctx context.Context, db *DB, unit message.Unit, effect func(context.Context, *sql.Tx) (T, error)) (result T, err error) {
	err = db.Transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		first, found, err := replay(ctx, tx, unit, db.cfg.OnceKeyRetention)
		if err != nil {
			return err
		}
		if found {
			return decodeResult(first, &result)
		}
		if result, err = effect(ctx, tx); err != nil {
			return err
		}
		if err := Send(ctx, tx, unit.Messages...); err != nil {
			return err
		}
		return recordResult(ctx, tx, unit, result)
	})
	return result, err
}

func decodeResult(encoded []byte, result any) error {
	if err := json.Unmarshal(encoded, result); err != nil {
		return fmt.Errorf("decode the result kept under a once-key: %w", err)
	}
	return nil
}

func recordResult(ctx context.Context, tx *sql.Tx, unit message.Unit, result any) error {
	if !unit.IsOnce() {
		return nil
	}
	encoded, err := json.Marshal(result)
	if err != nil {
		return fmt.Errorf("encode the result to keep under a once-key: %w", err)
	}
	return record(ctx, tx, unit, encoded)
}
