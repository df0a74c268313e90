package mongodb

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"create-service/templates/service/platform/jitter"
)

const (
	// maxRetries is how often an operation begins anew when somebody else was faster.
	maxRetries = 30
	// firstPause is the longest pause before the first retry; each further one may be twice as long, up to longestPause.
	firstPause   = time.Millisecond
	longestPause = 100 * time.Millisecond
)

// retry runs do until nobody comes in between, with random pauses, as long as ctx allows.
func (db *DB) retry(ctx context.Context, do func() error) error {
	for retry := 0; ; retry++ {
		err := do()
		if !errors.Is(err, errConflict) {
			return err
		}
		if retry == maxRetries || !jitter.Pause(ctx, min(firstPause<<min(retry, 10), longestPause)) {
			return &unavailableError{cause: err}
		}
		db.measured.conflicts.Inc()
	}
}

// revision is the filter of a document as it was read.
func revision(id any, read int64) bson.D {
	return bson.D{{Key: "_id", Value: id}, {Key: "_revision", Value: read}}
}

// write makes the known fields of a document those of value, provided that the filter, a [revision], still finds it. It
// fails with errConflict otherwise.
func (db *DB) write(ctx context.Context, collection string, at bson.D, value any, known []string) error {
	change, err := update(db.registry, value, known)
	if err != nil {
		return err
	}
	return db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
		done, err := database.Collection(collection).UpdateOne(ctx, at, change)
		return matched(done, err)
	})
}

// leave leaves of a document what the header of its next revision says: nothing, a tombstone, or the document.
func (db *DB) leave(ctx context.Context, collection string, id any, read int64, next header) error {
	at := revision(id, read)
	switch {
	case next.isSuperfluous():
		return db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
			done, err := database.Collection(collection).DeleteOne(ctx, at)
			if err == nil && done.DeletedCount == 0 {
				return errConflict
			}
			return err
		})
	case next.Deleted:
		return db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
			done, err := database.Collection(collection).ReplaceOne(ctx, at, next)
			return matched(done, err)
		})
	default:
		return db.write(ctx, collection, at, next, headerFields())
	}
}

func matched(done *mongo.UpdateResult, err error) error {
	if err == nil && done.MatchedCount == 0 {
		return errConflict
	}
	return err
}

// headerFields are the names of the platform's fields.
func headerFields() []string { return fieldNames(reflect.TypeFor[header]()) }

// collect returns what a query finds.
func collect[T any](ctx context.Context, db *DB, query func(ctx context.Context, database *mongo.Database) (*mongo.Cursor, error)) ([]T, error) {
	var all []T
	err := db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
		cursor, err := query(ctx, database)
		if err != nil {
			return err
		}
		return cursor.All(ctx, &all)
	})
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	return all, nil
}
