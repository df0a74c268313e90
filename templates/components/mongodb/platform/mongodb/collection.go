package mongodb

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"create-service/templates/service/kernel/message"
)

// Collection keeps aggregates of type T as documents, whose own fields those of the struct D are. D has the aggregate's
// UUID as _id; names that begin with an underscore are otherwise the platform's.
type Collection[T, D any] struct {
	db     *DB
	name   string
	write  func(T) D
	read   func(D) T
	fields []string
}

// Change alters an aggregate that was read, or looks at it, and returns the messages to send. When it fails, nothing is
// kept. It may be called again: for the aggregate as somebody else has left it meanwhile.
type Change[T any] func(*T) ([]message.Message, error)

// NewCollection returns the aggregates in a collection of db. It is one of its schema: the sweep and the relay look there.
func NewCollection[T, D any](db *DB, name string, write func(T) D, read func(D) T) *Collection[T, D] {
	return &Collection[T, D]{db: db, name: name, write: write, read: read, fields: fieldNames(reflect.TypeFor[document[D]]())}
}

// Create adds an aggregate, or returns what was created under unit's once-key before. Its error is a duplicate, as of
// [IsDuplicate], when the id or another unique value is taken.
func (c *Collection[T, D]) Create(ctx context.Context, aggregate T, unit message.Unit) (T, error) {
	fresh, err := c.newDocument(ctx, aggregate, unit)
	if err != nil {
		return aggregate, err
	}
	var first *T
	err = c.db.retry(ctx, func() error {
		first, err = c.createOnce(ctx, fresh, unit)
		return err
	})
	if first != nil {
		return *first, err
	}
	return aggregate, err
}

// createOnce adds a document, unless something has happened under unit's key: then it returns the result of that.
func (c *Collection[T, D]) createOnce(ctx context.Context, fresh document[D], unit message.Unit) (*T, error) {
	done, err := c.repeated(ctx, nil, unit)
	if err != nil {
		return nil, err
	}
	if done != nil {
		first, err := c.result(done, unit)
		return &first, err
	}
	refused := c.db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
		_, err := database.Collection(c.name).InsertOne(ctx, fresh)
		return err
	})
	if !IsDuplicate(refused) || !unit.IsOnce() {
		return nil, refused
	}
	if first, err := c.created(ctx, unit); first != nil || err != nil {
		return first, err
	}
	return nil, refused
}

func (c *Collection[T, D]) newDocument(ctx context.Context, aggregate T, unit message.Unit) (document[D], error) {
	fresh := document[D]{Header: header{Revision: 1}, Own: c.write(aggregate)}
	result, err := encode(c.db.registry, fresh.Own)
	if err != nil {
		return fresh, err
	}
	if fresh.Header.Created, err = c.db.newEffect(unit, result); err != nil {
		return fresh, err
	}
	fresh.Header.schedule()
	fresh.Header.Outbox, err = fresh.Header.Outbox.with(newStamp(ctx), unit.Messages)
	return fresh, err
}

// created returns what was created under unit's key; nil: nothing. A document that still has a key that has expired loses
// it, and the conflict asks for another try.
func (c *Collection[T, D]) created(ctx context.Context, unit message.Unit) (*T, error) {
	found, err := c.find(ctx, bson.D{{Key: "_created.key", Value: unit.Once}})
	if found == nil || err != nil {
		return nil, err
	}
	if !found.Header.Created.isOf(unit) {
		changed := found.Header.next()
		changed.Created = nil
		changed.schedule()
		at := bson.D{{Key: "_created.key", Value: unit.Once}, {Key: "_revision", Value: found.Header.Revision}}
		return nil, errors.Join(errConflict, c.db.write(ctx, c.name, at, changed, headerFields()))
	}
	first, err := c.result(found.Header.Created, unit)
	return &first, err
}

// result returns the aggregate as an effect of unit's key has left it.
func (c *Collection[T, D]) result(done *effect, unit message.Unit) (result T, err error) {
	if err := done.check(unit); err != nil {
		return result, err
	}
	if len(done.Result) == 0 {
		return result, nil
	}
	var own D
	if err := decode(c.db.registry, done.Result, &own); err != nil {
		return result, err
	}
	return c.read(own), nil
}

// Get returns the aggregate with an id, or [ErrNotFound].
func (c *Collection[T, D]) Get(ctx context.Context, id uuid.UUID) (aggregate T, err error) {
	found, err := c.find(ctx, bson.D{{Key: "_id", Value: id}})
	if err != nil {
		return aggregate, err
	}
	if found == nil || found.Header.Deleted {
		return aggregate, ErrNotFound
	}
	return c.read(found.Own), nil
}

// Update lets change alter the aggregate with an id, or returns the result of what happened under unit's once-key before.
// It fails with [ErrNotFound], and with a duplicate, as of [IsDuplicate], when a unique value is taken.
func (c *Collection[T, D]) Update(ctx context.Context, id uuid.UUID, unit message.Unit, change Change[T]) (result T, err error) {
	err = c.db.retry(ctx, func() error {
		result, err = c.attempt(ctx, id, unit, change)
		return err
	})
	return result, err
}

func (c *Collection[T, D]) attempt(ctx context.Context, id uuid.UUID, unit message.Unit, change Change[T]) (result T, err error) {
	found, err := c.find(ctx, bson.D{{Key: "_id", Value: id}})
	if err != nil {
		return result, err
	}
	if first, err := c.repeated(ctx, found, unit); first != nil || err != nil {
		if first == nil {
			return result, err
		}
		return c.result(first, unit)
	}
	if found == nil || found.Header.Deleted {
		return result, ErrNotFound
	}
	result = c.read(found.Own)
	messages, err := change(&result)
	if err != nil {
		return result, err
	}
	return result, c.save(ctx, id, found, result, unit, append(slices.Clone(unit.Messages), messages...))
}

// repeated returns the effect that has happened under unit's key; nil: none has. The document comes first: see the
// package's comment.
func (c *Collection[T, D]) repeated(ctx context.Context, found *document[D], unit message.Unit) (*effect, error) {
	if !unit.IsOnce() {
		return nil, nil
	}
	if found != nil {
		for _, each := range []*effect{found.Header.Changed, found.Header.Created} {
			if each.isOf(unit) {
				return each, nil
			}
		}
	}
	return c.db.lookUp(ctx, unit.Once)
}

// save writes the next revision of a document.
func (c *Collection[T, D]) save(ctx context.Context, id uuid.UUID, found *document[D], changed T, unit message.Unit, messages []message.Message) error {
	following := document[D]{Header: found.Header.next(), Own: c.write(changed)}
	var err error
	if following.Header.Outbox, err = found.Header.Outbox.with(newStamp(ctx), messages); err != nil {
		return err
	}
	if unit.IsOnce() {
		if err := c.db.remember(ctx, found.Header.Changed); err != nil {
			return err
		}
		result, err := encode(c.db.registry, following.Own)
		if err != nil {
			return err
		}
		if following.Header.Changed, err = c.db.newEffect(unit, result); err != nil {
			return err
		}
		following.Header.schedule()
	}
	if err := c.db.write(ctx, c.name, revision(id, found.Header.Revision), following, c.fields); err != nil || !unit.IsOnce() {
		return err
	}
	// The effect has happened: see the package's comment for what becomes of the key when this fails.
	_ = c.db.remember(ctx, following.Header.Changed)
	return nil
}

// Delete removes the aggregate with an id unless check refuses, and sends the messages that check returns. It fails with
// [ErrNotFound].
func (c *Collection[T, D]) Delete(ctx context.Context, id uuid.UUID, check Change[T]) error {
	return c.db.retry(ctx, func() error {
		found, err := c.find(ctx, bson.D{{Key: "_id", Value: id}})
		if err != nil {
			return err
		}
		if found == nil || found.Header.Deleted {
			return ErrNotFound
		}
		aggregate := c.read(found.Own)
		messages, err := check(&aggregate)
		if err != nil {
			return err
		}
		return c.bury(ctx, id, found, messages)
	})
}

// bury turns a document into a tombstone, or deletes it when nothing needs one.
func (c *Collection[T, D]) bury(ctx context.Context, id uuid.UUID, found *document[D], messages []message.Message) error {
	tombstone := found.Header.next()
	tombstone.Deleted = true
	tombstone.forget(newStamp(ctx).at)
	var err error
	if tombstone.Outbox, err = found.Header.Outbox.with(newStamp(ctx), messages); err != nil {
		return err
	}
	return c.db.leave(ctx, c.name, id, found.Header.Revision, tombstone)
}

// find returns the document, or the tombstone, that a filter finds; nil: there is none.
func (c *Collection[T, D]) find(ctx context.Context, filter bson.D) (*document[D], error) {
	var found document[D]
	err := c.db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
		return database.Collection(c.name).FindOne(ctx, filter).Decode(&found)
	})
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a document of %s: %w", c.name, err)
	}
	return &found, nil
}
