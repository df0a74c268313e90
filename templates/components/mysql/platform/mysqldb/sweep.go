package mysqldb

import (
	"context"
	"log/slog"
	"time"
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
