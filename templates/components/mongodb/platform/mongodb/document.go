package mongodb

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// document is what is kept of an aggregate: its own fields, which D names, and the platform's.
type document[D any] struct {
	Header header `bson:",inline"`
	Own    D      `bson:",inline"`
}

// header is the platform's part of a document.
type header struct {
	Revision int64      `bson:"_revision"`
	Deleted  bool       `bson:"_deleted,omitempty"`
	Created  *effect    `bson:"_created,omitempty"`
	Changed  *effect    `bson:"_changed,omitempty"`
	Outbox   outbox     `bson:"_outbox,omitempty"`
	SweepAt  *time.Time `bson:"_sweep_at,omitempty"`
}

// effect is what has happened under a once-key.
type effect struct {
	Key    string `bson:"key"`
	Digest []byte `bson:"digest"`
	// Result is the aggregate as it was afterwards.
	Result    bson.Raw  `bson:"result,omitempty"`
	ExpiresAt time.Time `bson:"expires_at"`
}

// next returns the header of the document's next revision.
func (h header) next() header {
	h.Revision++
	return h
}

// schedule says when the sweep has to look at the document: when the first of its keys expires.
func (h *header) schedule() {
	h.SweepAt = nil
	for _, each := range []*effect{h.Created, h.Changed} {
		if each != nil && (h.SweepAt == nil || each.ExpiresAt.Before(*h.SweepAt)) {
			h.SweepAt = &each.ExpiresAt
		}
	}
}

// forget drops the keys that have expired.
func (h *header) forget(now time.Time) {
	if h.Created != nil && !now.Before(h.Created.ExpiresAt) {
		h.Created = nil
	}
	if h.Changed != nil && !now.Before(h.Changed.ExpiresAt) {
		h.Changed = nil
	}
	h.schedule()
}

// isSuperfluous reports whether nothing needs the document any more: it is a tombstone without messages and keys.
func (h *header) isSuperfluous() bool {
	return h.Deleted && len(h.Outbox) == 0 && h.SweepAt == nil
}

// update returns the update that makes a document's fields those of value. Known names are the fields that value may
// have: those that it lacks are removed. Fields that neither has, such as those of a newer release, stay.
func update(registry *bson.Registry, value any, known []string) (bson.D, error) {
	raw, err := encode(registry, value)
	if err != nil {
		return nil, err
	}
	elements, err := raw.Elements()
	if err != nil {
		return nil, err
	}
	var set, unset bson.D
	var present []string
	for _, each := range elements {
		if each.Key() != "_id" {
			set = append(set, bson.E{Key: each.Key(), Value: each.Value()})
			present = append(present, each.Key())
		}
	}
	for _, name := range known {
		if !slices.Contains(present, name) {
			unset = append(unset, bson.E{Key: name, Value: ""})
		}
	}
	if len(unset) == 0 {
		return bson.D{{Key: "$set", Value: set}}, nil
	}
	return bson.D{{Key: "$set", Value: set}, {Key: "$unset", Value: unset}}, nil
}

// fieldNames returns the names under which the fields of a struct are kept, without _id.
func fieldNames(of reflect.Type) []string {
	var names []string
	for field := range of.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("bson"), ",")
		if options == "inline" {
			names = append(names, fieldNames(field.Type)...)
		} else if name != "_id" {
			names = append(names, name)
		}
	}
	return names
}
