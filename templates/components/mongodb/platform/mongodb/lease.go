package mongodb

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// leases is the collection of what one process may do at a time.
const leases = "leases"

// lease is a document of it. Its times are the server's: the clocks of the processes need not agree.
type lease struct {
	Holder uuid.UUID     `bson:"holder,omitempty"`
	EndsAt bson.DateTime `bson:"ends_at,omitempty"`
	Now    bson.DateTime `bson:"now"`
}

// Lease makes holder the only one to whom a name belongs until term is over, and reports false while it is another's.
// The holder renews its lease by the same call.
func (db *DB) Lease(ctx context.Context, name string, holder uuid.UUID, term time.Duration) (held bool, err error) {
	err = db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
		held, err = takeLease(ctx, database.Collection(leases), name, holder, term)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("take the lease %s: %w", name, err)
	}
	return held, nil
}

// takeLease asks for the lease together with the server's time, and changes it unless it has changed since.
func takeLease(ctx context.Context, all *mongo.Collection, name string, holder uuid.UUID, term time.Duration) (bool, error) {
	ask := bson.D{{Key: "$currentDate", Value: bson.D{{Key: "now", Value: true}}}}
	after := options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)
	var current lease
	err := all.FindOneAndUpdate(ctx, bson.D{{Key: "_id", Value: name}}, ask, after).Decode(&current)
	if mongo.IsDuplicateKeyError(err) {
		return false, nil // another process made the document at the same moment
	}
	if err != nil {
		return false, err
	}
	if current.Holder != holder && current.EndsAt > current.Now {
		return false, nil
	}
	unchanged := bson.D{{Key: "_id", Value: name}, {Key: "ends_at", Value: nil}}
	if current.EndsAt != 0 {
		unchanged = bson.D{{Key: "_id", Value: name}, {Key: "holder", Value: current.Holder}, {Key: "ends_at", Value: current.EndsAt}}
	}
	taken := bson.D{{Key: "$set", Value: bson.D{
		{Key: "holder", Value: holder},
		{Key: "ends_at", Value: current.Now + bson.DateTime(term.Milliseconds())},
	}}}
	err = matched(all.UpdateOne(ctx, unchanged, taken))
	if errors.Is(err, errConflict) {
		return false, nil
	}
	return err == nil, err
}

// Release ends holder's lease, if it has one.
func (db *DB) Release(ctx context.Context, name string, holder uuid.UUID) error {
	free := bson.D{{Key: "$unset", Value: bson.D{{Key: "holder", Value: ""}, {Key: "ends_at", Value: ""}}}}
	err := db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
		_, err := database.Collection(leases).UpdateOne(ctx, bson.D{{Key: "_id", Value: name}, {Key: "holder", Value: holder}}, free)
		return err
	})
	if err != nil {
		return fmt.Errorf("release the lease %s: %w", name, err)
	}
	return nil
}
