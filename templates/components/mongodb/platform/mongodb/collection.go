package mongodb

import (
	"cmp"
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

// Spec says how aggregates of type T are kept as documents, whose own fields those of the struct D are. D has the
// aggregate's UUID as _id; names that begin with an underscore are otherwise the platform's.
type Spec[T, D any] struct {
	// Collection is the name of the collection. It is one of the [Schema]: the sweep and the relay look there.
	Collection string
	// Write and Read convert.
	Write func(T) D
	Read  func(D) T
	// NotFound is the error for an id that no aggregate has.
	NotFound error
	// Unique are the fields with a unique index.
	Unique []Unique
}

// Unique is a field of which no two documents have the same value. Any number may have none.
type Unique struct {
	Field string
	// Taken is the error for a value that another document has.
	Taken error
}

// Collection keeps aggregates of type T as documents with the fields of D.
type Collection[T, D any] struct {
	db     *DB
	spec   Spec[T, D]
	name   string
	fields []string
}

// Change alters an aggregate that was read, or looks at it, and returns the messages to send. When it fails, nothing is
// kept. It may be called again: for the aggregate as somebody else has left it meanwhile.
type Change[T any] func(*T) ([]message.Message, error)

// NewCollection returns a collection of db.
func NewCollection[T, D any](db *DB, spec Spec[T, D]) *Collection[T, D] {
	return &Collection[T, D]{db: db, spec: spec, name: spec.Collection, fields: fieldNames(reflect.TypeFor[document[D]]())}
}

// Create adds an aggregate, or returns what was created under unit's once-key before. A unique value that is taken is
// refused with its error; an id that is taken, with a duplicate as of [IsDuplicate].
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
	if !IsDuplicate(refused) {
		return nil, refused
	}
	if first, err := c.created(ctx, unit); first != nil || err != nil {
		return first, err
	}
	return nil, c.taken(ctx, fresh, refused)
}

func (c *Collection[T, D]) newDocument(ctx context.Context, aggregate T, unit message.Unit) (document[D], error) {
	fresh := document[D]{Header: header{Revision: 1}, Own: c.spec.Write(aggregate)}
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
	if !unit.IsOnce() {
		return nil, nil
	}
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
	return c.spec.Read(own), nil
}

// Get returns the aggregate with an id, or the spec's NotFound.
func (c *Collection[T, D]) Get(ctx context.Context, id uuid.UUID) (aggregate T, err error) {
	found, err := c.find(ctx, bson.D{{Key: "_id", Value: id}})
	if err != nil {
		return aggregate, err
	}
	if found == nil || found.Header.Deleted {
		return aggregate, c.spec.NotFound
	}
	return c.spec.Read(found.Own), nil
}

// Update lets change alter the aggregate with an id, or returns the result of what happened under unit's once-key before.
// A unique value that is taken is refused with its error.
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
		return result, c.spec.NotFound
	}
	result = c.spec.Read(found.Own)
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
	following := document[D]{Header: found.Header.next(), Own: c.spec.Write(changed)}
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
	err = c.db.write(ctx, c.name, revision(id, found.Header.Revision), following, c.fields)
	if IsDuplicate(err) {
		return c.taken(ctx, following, err)
	}
	if err != nil || !unit.IsOnce() {
		return err
	}
	// The effect has happened: see the package's comment for what becomes of the key when this fails.
	_ = c.db.remember(ctx, following.Header.Changed)
	return nil
}

// Delete removes the aggregate with an id unless check refuses, and sends the messages that check returns.
func (c *Collection[T, D]) Delete(ctx context.Context, id uuid.UUID, check Change[T]) error {
	return c.db.retry(ctx, func() error {
		found, err := c.find(ctx, bson.D{{Key: "_id", Value: id}})
		if err != nil {
			return err
		}
		if found == nil || found.Header.Deleted {
			return c.spec.NotFound
		}
		aggregate := c.spec.Read(found.Own)
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

// taken finds out why a document was refused as a duplicate: not every server says which value it is, and none without the
// value. When nobody has any of them now, the conflict asks for another try.
func (c *Collection[T, D]) taken(ctx context.Context, refused document[D], refusal error) error {
	own, err := encode(c.db.registry, refused.Own)
	if err != nil {
		return err
	}
	id := own.Lookup("_id")
	for _, unique := range c.spec.Unique {
		value, err := own.LookupErr(unique.Field)
		if err != nil {
			continue
		}
		other := bson.D{{Key: unique.Field, Value: value}, {Key: "_id", Value: bson.D{{Key: "$ne", Value: id}}}}
		if found, err := c.find(ctx, other); found != nil || err != nil {
			return cmp.Or(err, unique.Taken)
		}
	}
	if refused.Header.Revision > 1 {
		return errConflict
	}
	same, err := c.find(ctx, bson.D{{Key: "_id", Value: id}})
	switch {
	case err != nil:
		return err
	case same != nil:
		return refusal
	default:
		return errConflict
	}
}
