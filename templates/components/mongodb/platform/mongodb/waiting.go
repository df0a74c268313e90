package mongodb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"create-service/templates/service/kernel/message"
)

// Waiting is a message that waits, with the document that it waits in.
type Waiting struct {
	Message
	// Place is where [DB.Sent] and [DB.Park] find the message again.
	Place Place
}

// Place is a document with messages, as it was read.
type Place struct {
	collection string
	document   marked
}

// marked is a document as the relay sees it.
type marked struct {
	ID       bson.RawValue `bson:"_id"`
	Revision int64         `bson:"_revision"`
	Deleted  bool          `bson:"_deleted,omitempty"`
	Outbox   outbox        `bson:"_outbox,omitempty"`
	SweepAt  *time.Time    `bson:"_sweep_at,omitempty"`
}

// markedFields are what is read of such a document.
func markedFields() bson.D {
	return bson.D{{Key: "_revision", Value: 1}, {Key: "_deleted", Value: 1}, {Key: "_outbox", Value: 1}, {Key: "_sweep_at", Value: 1}}
}

// sources are the collections whose documents may have messages.
func (db *DB) sources() []string { return append(slices.Clone(db.schema.Collections), onceKeys) }

// Waiting returns messages of a kind that wait, without those that are behind a parked one of their topic and key. Those
// of one document are in the order of their commits; the document whose messages wait longest comes first.
func (db *DB) Waiting(ctx context.Context, kind message.Kind, limit int) ([]Waiting, error) {
	var places []Place
	for _, collection := range db.sources() {
		since := "_outbox." + string(kind) + ".since"
		found, err := db.mark(ctx, collection, since, options.Find().SetSort(bson.D{{Key: since, Value: 1}}).SetLimit(int64(limit)))
		if err != nil {
			return nil, err
		}
		places = append(places, found...)
	}
	slices.SortStableFunc(places, func(a, b Place) int { return a.since(kind).Compare(b.since(kind)) })
	var all []Waiting
	for _, each := range places {
		for _, m := range each.document.Outbox[kind].sendable() {
			if len(all) == limit {
				return all, nil
			}
			all = append(all, Waiting{Message: m, Place: each})
		}
	}
	return all, nil
}

// since is when the oldest message of a kind in the document was committed.
func (p Place) since(kind message.Kind) time.Time {
	if at := p.document.Outbox[kind].Since; at != nil {
		return *at
	}
	return time.Time{}
}

// mark returns the documents of a collection that have a field.
func (db *DB) mark(ctx context.Context, collection, field string, how *options.FindOptionsBuilder) ([]Place, error) {
	found, err := collect[marked](ctx, db, func(ctx context.Context, database *mongo.Database) (*mongo.Cursor, error) {
		there := bson.D{{Key: field, Value: bson.D{{Key: "$exists", Value: true}}}}
		return database.Collection(collection).Find(ctx, there, how.SetProjection(markedFields()))
	})
	if err != nil {
		return nil, fmt.Errorf("read the outbox in %s: %w", collection, err)
	}
	places := make([]Place, len(found))
	for i, each := range found {
		places[i] = Place{collection: collection, document: each}
	}
	return places, nil
}

// Sent takes messages of a kind out of their documents.
func (db *DB) Sent(ctx context.Context, kind message.Kind, sent []Waiting) error {
	type address struct{ collection, id string }
	places := map[address]Place{}
	ids := map[address][]uuid.UUID{}
	for _, each := range sent {
		at := address{each.Place.collection, each.Place.document.ID.String()}
		places[at] = each.Place
		ids[at] = append(ids[at], each.ID)
	}
	byCollection := map[string][]removal{}
	for at, place := range places {
		byCollection[at.collection] = append(byCollection[at.collection], removal{place: place, ids: ids[at]})
	}
	for collection, removals := range byCollection {
		if err := db.removeAll(ctx, collection, kind, removals); err != nil {
			return fmt.Errorf("take %d messages out of %s: %w", len(sent), collection, err)
		}
	}
	return nil
}

// removal is messages to be taken out of a document.
type removal struct {
	place Place
	ids   []uuid.UUID
}

// removeAll does all removals of a collection by one request, and those anew whose documents have changed meanwhile.
func (db *DB) removeAll(ctx context.Context, collection string, kind message.Kind, removals []removal) error {
	models := make([]mongo.WriteModel, len(removals))
	for i, each := range removals {
		var err error
		if models[i], err = db.rewrite(each.place.document, each.place.document.Outbox.without(kind, each.ids)); err != nil {
			return err
		}
	}
	var done *mongo.BulkWriteResult
	err := db.Do(ctx, func(ctx context.Context, database *mongo.Database) (err error) {
		done, err = database.Collection(collection).BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
		return err
	})
	if err != nil || done.MatchedCount+done.DeletedCount == int64(len(models)) {
		return err
	}
	for _, each := range removals {
		err := db.changeOutbox(ctx, each.place, func(o outbox) outbox { return o.without(kind, each.ids) })
		if err != nil {
			return err
		}
	}
	return nil
}

// rewrite returns the write that leaves a document with another outbox, or not at all when nothing needs it any more.
func (db *DB) rewrite(document marked, next outbox) (mongo.WriteModel, error) {
	at := revision(document.ID, document.Revision)
	if document.Deleted && len(next) == 0 && document.SweepAt == nil {
		return mongo.NewDeleteOneModel().SetFilter(at), nil
	}
	value := struct {
		Revision int64  `bson:"_revision"`
		Outbox   outbox `bson:"_outbox,omitempty"`
	}{document.Revision + 1, next}
	change, err := update(db.registry, value, []string{"_outbox"})
	return mongo.NewUpdateOneModel().SetFilter(at).SetUpdate(change), err
}

// changeOutbox reads a document and changes its outbox, until nobody comes in between.
func (db *DB) changeOutbox(ctx context.Context, at Place, change func(outbox) outbox) error {
	return db.retry(ctx, func() error {
		var current marked
		err := db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
			only := options.FindOne().SetProjection(markedFields())
			return database.Collection(at.collection).FindOne(ctx, bson.D{{Key: "_id", Value: at.document.ID}}, only).Decode(&current)
		})
		if errors.Is(err, mongo.ErrNoDocuments) {
			return nil
		}
		if err != nil {
			return err
		}
		model, err := db.rewrite(current, change(current.Outbox))
		if err != nil {
			return err
		}
		return db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
			done, err := database.Collection(at.collection).BulkWrite(ctx, []mongo.WriteModel{model})
			if err == nil && done.MatchedCount+done.DeletedCount == 0 {
				return errConflict
			}
			return err
		})
	})
}

// longestReason is how many characters of a reason are kept.
const longestReason = 1000

// Park sets a message of a kind aside with a reason.
func (db *DB) Park(ctx context.Context, kind message.Kind, parked Waiting, reason string) error {
	characters := []rune(strings.ToValidUTF8(reason, "�"))
	now := newStamp(ctx).at
	err := db.changeOutbox(ctx, parked.Place, func(o outbox) outbox {
		return o.changed(kind, func(q *queue) {
			for i := range q.Messages {
				if m := &q.Messages[i]; m.ID == parked.ID {
					m.ParkedAt, m.ParkedReason = &now, string(characters[:min(len(characters), longestReason)])
				}
			}
		})
	})
	if err != nil {
		return fmt.Errorf("park message %s: %w", parked.ID, err)
	}
	return nil
}

// Unpark lets every parked message of a kind be sent again, and returns how many.
func (db *DB) Unpark(ctx context.Context, kind message.Kind) (released int64, err error) {
	for _, collection := range db.sources() {
		places, err := db.mark(ctx, collection, "_outbox."+string(kind)+".parked", options.Find())
		if err != nil {
			return released, err
		}
		for _, each := range places {
			count := int64(each.document.Outbox[kind].Parked)
			if err := db.changeOutbox(ctx, each, func(o outbox) outbox { return o.changed(kind, release) }); err != nil {
				return released, fmt.Errorf("release parked messages: %w", err)
			}
			released += count
		}
	}
	return released, nil
}

func release(q *queue) {
	for i := range q.Messages {
		q.Messages[i].ParkedAt, q.Messages[i].ParkedReason = nil, ""
	}
}

// Backlog is how much waits.
type Backlog struct {
	// Waiting and Parked are numbers of messages; counting stops at a limit of documents.
	Waiting, Parked int
	// Oldest is when the oldest message that can be sent was committed; the zero time when there is none.
	Oldest time.Time
}

// Backlog counts the messages of a kind in at most so many documents of each collection.
func (db *DB) Backlog(ctx context.Context, kind message.Kind, most int) (b Backlog, err error) {
	for _, collection := range db.sources() {
		ready, err := db.figures(ctx, collection, kind, "since", most)
		if err != nil {
			return b, err
		}
		held, err := db.figures(ctx, collection, kind, "parked", most)
		if err != nil {
			return b, err
		}
		for _, q := range ready {
			b.Waiting += int(q.Waiting)
			if b.Oldest.IsZero() || q.Since.Before(b.Oldest) {
				b.Oldest = *q.Since
			}
		}
		for _, q := range held {
			b.Parked += int(q.Parked)
			if q.Since == nil {
				b.Waiting += int(q.Waiting)
			}
		}
	}
	return b, nil
}

// figures returns the queues, without their messages, that have a field.
func (db *DB) figures(ctx context.Context, collection string, kind message.Kind, field string, most int) ([]queue, error) {
	path := "_outbox." + string(kind) + "."
	found, err := collect[marked](ctx, db, func(ctx context.Context, database *mongo.Database) (*mongo.Cursor, error) {
		there := bson.D{{Key: path + field, Value: bson.D{{Key: "$exists", Value: true}}}}
		only := bson.D{{Key: path + "since", Value: 1}, {Key: path + "waiting", Value: 1}, {Key: path + "parked", Value: 1}}
		return database.Collection(collection).Find(ctx, there, options.Find().SetLimit(int64(most)).SetProjection(only))
	})
	if err != nil {
		return nil, fmt.Errorf("count the outbox in %s: %w", collection, err)
	}
	queues := make([]queue, len(found))
	for i, each := range found {
		queues[i] = each.Outbox[kind]
	}
	return queues, nil
}
