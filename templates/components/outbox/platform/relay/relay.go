// Package relay sends what stores have committed: it takes messages out of an outbox in their order and hands them to
// the senders of their kinds, at least once.
package relay

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"create-service/templates/service/kernel/message"
)

// Outgoing is a committed message on its way out.
type Outgoing struct {
	// Seq is its place in the outbox.
	Seq int64
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
	// Trace is the W3C trace context (traceparent, tracestate) of the transaction that committed the message.
	Trace map[string]string
	// Attempts is how often it was tried before.
	Attempts int
}

// Sender delivers messages of one kind.
type Sender interface {
	// Send delivers the messages, keeping the order of those with one key, and returns one error for each: nil when the
	// receiver has confirmed it. An error that wraps [ErrPermanent] will not go away by trying again.
	Send(ctx context.Context, messages []Outgoing) []error
}
