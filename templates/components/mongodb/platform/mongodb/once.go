package mongodb

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/kernel/message"
)

// onceKeys is the collection of the once-keys that are in no aggregate's document (any more).
const onceKeys = "once_keys"

// maxOnceKey is the longest once-key in bytes.
const maxOnceKey = 512

// onceKey is a document of the collection once_keys.
type onceKey struct {
	Key       string    `bson:"_id"`
	Digest    []byte    `bson:"digest"`
	Result    bson.Raw  `bson:"result,omitempty"`
	ExpiresAt time.Time `bson:"expires_at"`
	Revision  int64     `bson:"_revision"`
	Outbox    outbox    `bson:"_outbox,omitempty"`
}

// Receive commits unit alone: its once-key and its messages. The second time it does nothing; under the same key another
// request is [fault.Reused]. A unit without a key it refuses.
func (db *DB) Receive(ctx context.Context, unit message.Unit) error {
	if !unit.IsOnce() {
		return errors.New("mongodb: a unit without a once-key and without an aggregate")
	}
	done, err := db.newEffect(unit, nil)
	if err != nil {
		return err
	}
	waiting, err := outbox{}.with(newStamp(ctx), unit.Messages)
	if err != nil {
		return err
	}
	key := onceKey{Key: done.Key, Digest: done.Digest, ExpiresAt: done.ExpiresAt, Revision: 1, Outbox: waiting}
	for {
		err := db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
			_, err := database.Collection(onceKeys).InsertOne(ctx, key)
			return err
		})
		if !IsDuplicate(err) {
			return err
		}
		first, err := db.lookUp(ctx, unit.Once)
		if err != nil {
			return err
		}
		if first != nil {
			return first.check(unit)
		}
	}
}

// newEffect returns what is kept of the effect of unit, whose result is a document.
func (db *DB) newEffect(unit message.Unit, result bson.Raw) (*effect, error) {
	if !unit.IsOnce() {
		return nil, nil
	}
	if len(unit.Once) > maxOnceKey {
		return nil, fault.New(fault.Malformed, "the idempotency key is too long")
	}
	expires := time.Now().UTC().Add(cmp.Or(unit.Keep, db.cfg.OnceKeyRetention))
	return &effect{Key: unit.Once, Digest: unit.Digest[:], Result: result, ExpiresAt: expires}, nil
}

// check returns an error when the effect is that of another request than unit's.
func (e *effect) check(unit message.Unit) error {
	if !bytes.Equal(e.Digest, unit.Digest[:]) {
		return errReused
	}
	return nil
}

// isOf reports whether the effect happened under unit's key, which it still remembers.
func (e *effect) isOf(unit message.Unit) bool {
	return e != nil && unit.IsOnce() && e.Key == unit.Once && time.Now().Before(e.ExpiresAt)
}

// lookUp returns what once_keys has under a key; nil: nothing. A key that has expired is deleted first.
func (db *DB) lookUp(ctx context.Context, key string) (*effect, error) {
	var found onceKey
	err := db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
		return database.Collection(onceKeys).FindOne(ctx, bson.D{{Key: "_id", Value: key}}).Decode(&found)
	})
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read once-key: %w", err)
	}
	if time.Now().Before(found.ExpiresAt) {
		return &effect{Key: found.Key, Digest: found.Digest, Result: found.Result, ExpiresAt: found.ExpiresAt}, nil
	}
	return nil, db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
		_, err := database.Collection(onceKeys).DeleteOne(ctx, bson.D{{Key: "_id", Value: key}, {Key: "_revision", Value: found.Revision}})
		return err
	})
}

// remember copies an effect to once_keys, unless it is there.
func (db *DB) remember(ctx context.Context, done *effect) error {
	if done == nil || !time.Now().Before(done.ExpiresAt) {
		return nil
	}
	key := onceKey{Key: done.Key, Digest: done.Digest, Result: done.Result, ExpiresAt: done.ExpiresAt, Revision: 1}
	err := db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
		_, err := database.Collection(onceKeys).InsertOne(ctx, key)
		return err
	})
	if err != nil && !IsDuplicate(err) {
		return fmt.Errorf("keep once-key: %w", err)
	}
	return nil
}
