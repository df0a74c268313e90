package mysqldb

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

const (
	// sweepBatch is how many rows one statement of a sweep deletes: few enough for a lock of milliseconds.
	sweepBatch = 1000
	// sweepEvery is the time between two sweeps of one process.
	sweepEvery = time.Minute
)

// Sweep deletes once-keys that are past their retention, until the context ends. A sweep that fails is logged; the
// next one does its work.
func (db *DB) Sweep(ctx context.Context, log *slog.Logger) error {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		if _, err := db.SweepOnceKeys(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "sweep of the once-keys failed", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// SweepOnceKeys deletes the once-keys that have expired, in small batches, and returns how many. Several processes may
// sweep at once. The time is that of the server's clock alone.
func (db *DB) SweepOnceKeys(ctx context.Context) (deleted int64, err error) {
	const query = "DELETE FROM `once_keys` WHERE `expires_at` < UTC_TIMESTAMP(6) ORDER BY `expires_at` LIMIT ?"
	for {
		done, err := db.ExecContext(ctx, query, sweepBatch)
		if err != nil {
			return deleted, fmt.Errorf("sweep once-keys: %w", err)
		}
		batch, err := done.RowsAffected()
		if err != nil {
			return deleted, fmt.Errorf("sweep once-keys: %w", err)
		}
		deleted += batch
		if batch < sweepBatch {
			return deleted, nil
		}
	}
}
