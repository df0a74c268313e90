package mongodb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	// sweepBatch is how many documents a sweep reads at a time.
	sweepBatch = 200
	// sweepEvery is the time between two sweeps of one process.
	sweepEvery = time.Minute
)

// Sweep drops once-keys that are past their retention, and tombstones that nothing needs any more, until the context
// ends. A sweep that fails is logged; the next one does its work. Several processes may sweep at once.
func (db *DB) Sweep(ctx context.Context, log *slog.Logger) error {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		if err := db.SweepOnce(ctx, time.Now().UTC()); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "sweep of the documents failed", "error", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// SweepOnce drops what is superfluous at a time.
func (db *DB) SweepOnce(ctx context.Context, now time.Time) error {
	for _, collection := range db.schema.Collections {
		if err := db.sweepDocuments(ctx, collection, now); err != nil {
			return fmt.Errorf("sweep %s: %w", collection, err)
		}
	}
	expired := bson.D{
		{Key: "expires_at", Value: bson.D{{Key: "$lte", Value: now}}},
		{Key: "_outbox", Value: bson.D{{Key: "$exists", Value: false}}},
	}
	err := db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
		_, err := database.Collection(onceKeys).DeleteMany(ctx, expired)
		return err
	})
	if err != nil {
		return fmt.Errorf("sweep once-keys: %w", err)
	}
	return nil
}

// swept is a document as the sweep sees it.
type swept struct {
	ID     bson.RawValue `bson:"_id"`
	Header header        `bson:",inline"`
}

// sweepDocuments goes through the documents of a collection that have something that has expired.
func (db *DB) sweepDocuments(ctx context.Context, collection string, now time.Time) error {
	due := bson.D{{Key: "_sweep_at", Value: bson.D{{Key: "$lte", Value: now}}}}
	for {
		found, err := collect[swept](ctx, db, func(ctx context.Context, database *mongo.Database) (*mongo.Cursor, error) {
			return database.Collection(collection).Find(ctx, due, options.Find().SetLimit(sweepBatch))
		})
		if err != nil {
			return err
		}
		for _, each := range found {
			next := each.Header.next()
			next.forget(now)
			if err := db.leave(ctx, collection, each.ID, each.Header.Revision, next); err != nil && !errors.Is(err, errConflict) {
				return err
			}
		}
		if len(found) < sweepBatch {
			return nil
		}
	}
}
