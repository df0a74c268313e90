package mongodb

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Page is the query for one page of a sorted list. Names are those of fields and come from the code, never from a caller.
type Page struct {
	// SortBy is what to sort by: a field that every document has. Documents that are equal in it are sorted by id, so its
	// index has the id too, unless it is unique.
	SortBy     string
	Descending bool
	Limit      int

	filter bson.D
	after  bson.D
}

// Where keeps the documents whose field has the value.
func (p *Page) Where(field string, value any) {
	p.filter = append(p.filter, bson.E{Key: field, Value: value})
}

// After keeps the documents that come after the one with the given value of the sort field and the given id.
func (p *Page) After(value any, id uuid.UUID) {
	beyond := "$gt"
	if p.Descending {
		beyond = "$lt"
	}
	p.after = bson.D{
		// The first condition is redundant: it is the range that an index can serve.
		{Key: p.SortBy, Value: bson.D{{Key: beyond + "e", Value: value}}},
		{Key: "$or", Value: bson.A{
			bson.D{{Key: p.SortBy, Value: bson.D{{Key: beyond, Value: value}}}},
			bson.D{{Key: "_id", Value: bson.D{{Key: beyond, Value: id}}}},
		}},
	}
}

// query returns the filter. A tombstone has no value of any field, and an index leaves it out by the first condition.
func (p *Page) query() bson.D {
	if p.after != nil {
		return append(p.after, p.filter...)
	}
	return append(bson.D{{Key: p.SortBy, Value: bson.D{{Key: "$ne", Value: nil}}}}, p.filter...)
}

func (p *Page) options(isUnique bool) *options.FindOptionsBuilder {
	direction := 1
	if p.Descending {
		direction = -1
	}
	sort := bson.D{{Key: p.SortBy, Value: direction}}
	if !isUnique {
		sort = append(sort, bson.E{Key: "_id", Value: direction})
	}
	return options.Find().
		SetSort(sort).
		SetLimit(int64(p.Limit)).
		SetProjection(bson.D{{Key: "_created", Value: 0}, {Key: "_changed", Value: 0}, {Key: "_outbox", Value: 0}})
}

// List returns the aggregates of a page.
func (c *Collection[T, D]) List(ctx context.Context, page Page) ([]T, error) {
	isUnique := slices.ContainsFunc(c.spec.Unique, func(u Unique) bool { return u.Field == page.SortBy })
	found, err := collect[document[D]](ctx, c.db, func(ctx context.Context, database *mongo.Database) (*mongo.Cursor, error) {
		return database.Collection(c.name).Find(ctx, page.query(), page.options(isUnique))
	})
	if err != nil {
		return nil, err
	}
	list := make([]T, len(found))
	for i, each := range found {
		list[i] = c.spec.Read(each.Own)
	}
	return list, nil
}
