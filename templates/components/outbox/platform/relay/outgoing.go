package relay

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"create-service/templates/service/kernel/message"
)

// ErrPermanent is in the error of a message that cannot be delivered however often it is sent.
var ErrPermanent = errors.New("it can never be delivered")

// Outgoing is a committed message on its way out.
type Outgoing struct {
	// Place is where its source finds it again. Nobody else reads it.
	Place any
	// ID, Kind, Type, Topic, Key, Version and Time are those of [message.Message].
	ID      uuid.UUID
	Kind    message.Kind
	Type    string
	Topic   string
	Key     string
	Version int64
	Time    time.Time
	// Data is JSON.
	Data json.RawMessage
	// CommittedAt is when the message entered the outbox.
	CommittedAt time.Time
	// Trace is the W3C trace context (traceparent, tracestate) of the transaction that committed the message.
	Trace map[string]string
}

// Sender delivers messages of one kind.
type Sender interface {
	// Send delivers the messages, keeping the order of those with one key, and returns one error for each: nil when the
	// receiver has confirmed it, one that wraps [ErrPermanent] when trying again is no use.
	Send(ctx context.Context, messages []Outgoing) []error
}

// Backlog is what an outbox holds.
type Backlog struct {
	// Waiting is how many messages were not sent yet; counting stops at [MostCounted].
	Waiting int
	// Oldest is when the oldest of them was committed that can be sent; the zero time when there is none. What is behind a parked
	// message waits for a person, and not for its receiver.
	Oldest time.Time
	// Parked is how many cannot be delivered.
	Parked int
}

// MostCounted is where a [Source] stops counting: beyond it the number says no more than that it is large.
const MostCounted = 10_000

// Source is the outbox of one store, or the part of it with messages of one kind.
type Source interface {
	// Lease makes holder the only one who may relay until term is over, and reports false while another one is. The holder
	// renews its lease by the same call.
	Lease(ctx context.Context, holder uuid.UUID, term time.Duration) (bool, error)
	// Release ends holder's lease, if it has one.
	Release(ctx context.Context, holder uuid.UUID) error
	// Pending returns the oldest messages that wait, oldest first, without those that are behind a parked one of their key.
	Pending(ctx context.Context, limit int) ([]Outgoing, error)
	// Sent marks messages as delivered.
	Sent(ctx context.Context, messages []Outgoing) error
	// Park sets a message aside with a reason: it and those behind it of the same key wait until a person releases it.
	Park(ctx context.Context, parked Outgoing, reason string) error
	// Unpark lets every parked message be sent again, and returns how many.
	Unpark(ctx context.Context) (int64, error)
	// Backlog counts.
	Backlog(ctx context.Context) (Backlog, error)
	// Sweep deletes messages that were delivered longer than age ago, and returns how many.
	Sweep(ctx context.Context, age time.Duration) (int64, error)
}
