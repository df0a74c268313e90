// Package mongodboutbox is the outbox in the documents of a service's MongoDB database, as the relay sees it. Messages
// come into it with the aggregates of a [mongodb.Collection] and by [mongodb.DB.Receive].
package mongodboutbox

import (
	"context"
	"time"

	"github.com/google/uuid"

	"create-service/templates/components/mongodb/platform/mongodb"
	"create-service/templates/components/outbox/platform/relay"
	"create-service/templates/service/kernel/message"
)

// Source is the part of the outbox with messages of one kind. It implements [relay.Source].
type Source struct {
	db   *mongodb.DB
	kind message.Kind
}

// New returns the messages of one kind in db's documents.
func New(db *mongodb.DB, kind message.Kind) *Source {
	return &Source{db: db, kind: kind}
}

// lease is the name of the lease of the kind's relay.
func (s *Source) lease() string { return "outbox " + string(s.kind) }

// Lease makes holder the only one who may relay until term is over, and reports false while another one is.
func (s *Source) Lease(ctx context.Context, holder uuid.UUID, term time.Duration) (bool, error) {
	return s.db.Lease(ctx, s.lease(), holder, term)
}

// Release ends holder's lease, if it has one.
func (s *Source) Release(ctx context.Context, holder uuid.UUID) error {
	return s.db.Release(ctx, s.lease(), holder)
}

// Pending returns messages that wait, without those that are behind a parked one of their key. The document that waits
// longest comes first; messages of one key are in one document, and in its order.
func (s *Source) Pending(ctx context.Context, limit int) ([]relay.Outgoing, error) {
	waiting, err := s.db.Waiting(ctx, s.kind, limit)
	if err != nil {
		return nil, err
	}
	pending := make([]relay.Outgoing, len(waiting))
	for i, m := range waiting {
		pending[i] = relay.Outgoing{
			Place: m, ID: m.ID, Kind: s.kind, Type: m.Type, Topic: m.Topic, Key: m.Key, Version: m.Version,
			Data: m.Data, CommittedAt: m.CommittedAt, Trace: m.Trace,
		}
		if m.Time != nil {
			pending[i].Time = *m.Time
		}
	}
	return pending, nil
}

// Sent takes delivered messages out of their documents.
func (s *Source) Sent(ctx context.Context, messages []relay.Outgoing) error {
	sent := make([]mongodb.Waiting, 0, len(messages))
	for _, m := range messages {
		if waiting, ok := m.Place.(mongodb.Waiting); ok {
			sent = append(sent, waiting)
		}
	}
	return s.db.Sent(ctx, s.kind, sent)
}

// Park sets a message aside with a reason.
func (s *Source) Park(ctx context.Context, parked relay.Outgoing, reason string) error {
	waiting, ok := parked.Place.(mongodb.Waiting)
	if !ok {
		return nil
	}
	return s.db.Park(ctx, s.kind, waiting, reason)
}

// Unpark lets every parked message of the kind be sent again, and returns how many.
func (s *Source) Unpark(ctx context.Context) (int64, error) {
	return s.db.Unpark(ctx, s.kind)
}

// Backlog counts what waits and what is parked.
func (s *Source) Backlog(ctx context.Context) (relay.Backlog, error) {
	found, err := s.db.Backlog(ctx, s.kind, relay.MostCounted)
	return relay.Backlog{Waiting: found.Waiting, Oldest: found.Oldest, Parked: found.Parked}, err
}

// Sweep does nothing: a message that was delivered is in no document any more.
func (s *Source) Sweep(context.Context, time.Duration) (int64, error) { return 0, nil }
