package mongodb

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// Status lists the steps of the schema in their order, each with the time it was applied. It changes nothing.
func (db *DB) Status(ctx context.Context) ([]Migration, error) {
	steps, err := readSteps(db.schema.Steps)
	if err != nil {
		return nil, err
	}
	done, err := db.appliedVersions(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Migration, len(steps))
	for i, each := range steps {
		all[i] = each.Migration
		all[i].Applied = done[each.Version]
	}
	return all, nil
}

// CheckSchema returns nil when the database has every step of the schema. A newer database is fine: each release must
// work with the schema of the next.
func (db *DB) CheckSchema(ctx context.Context) error {
	all, err := db.Status(ctx)
	if err != nil {
		return err
	}
	for _, each := range all {
		if each.Applied.IsZero() {
			return fmt.Errorf("the schema lacks migration %s: run the migrate command", each.File)
		}
	}
	return nil
}

// appliedVersions returns when each version was applied. A database that was never migrated has none.
func (db *DB) appliedVersions(ctx context.Context) (map[int64]time.Time, error) {
	type note struct {
		Version   int64     `bson:"_id"`
		AppliedAt time.Time `bson:"applied_at"`
	}
	found, err := collect[note](ctx, db, func(ctx context.Context, database *mongo.Database) (*mongo.Cursor, error) {
		return database.Collection(migrationsDone).Find(ctx, bson.D{})
	})
	if err != nil {
		return nil, fmt.Errorf("read the schema's version: %w", err)
	}
	done := map[int64]time.Time{}
	for _, each := range found {
		done[each.Version] = each.AppliedAt
	}
	return done, nil
}
