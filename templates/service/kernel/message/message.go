// Package message says what a use case wants committed together with an aggregate.
//
// A use case never sees a transaction: it hands a [Unit] to its store, and the store commits the aggregate and
// the unit, or neither.
package message

import (
	"time"

	"github.com/google/uuid"
)

// Unit is what is committed beside the aggregate. The zero value commits nothing more.
type Unit struct {
	// Once is the key under which this effect may happen a single time: an Idempotency-Key, a request id or the id
	// of a consumed event, with the scope in which it is unique in front. Empty: no such limit.
	Once string
	// Digest tells a repetition of the same request from another request under the same key.
	Digest [32]byte
	// Keep is how long the once-key is remembered. Zero: as long as the store is configured to.
	Keep time.Duration
	// Messages leave the service once the aggregate is committed, and never without it.
	Messages []Message
}

// IsOnce reports whether u carries a once-key.
func (u Unit) IsOnce() bool { return u.Once != "" }

// Kind says which way a message leaves.
type Kind string

// The kinds of messages.
const (
	// Event tells whoever listens what has happened.
	Event Kind = "event"
	// Task is work that this service gives itself for later.
	Task Kind = "task"
)

// Message is one event or task. It arrives at least once; whoever takes it knows a repetition by its ID.
type Message struct {
	ID   uuid.UUID
	Kind Kind
	// Type is what happened, such as "orders.order.created.v1", or the name of the task.
	Type string
	// Topic is the topic of an event, or the queue of a task.
	Topic string
	// Key is the id of the aggregate. Events of one key arrive in the order in which they were committed.
	Key string
	// Version is the aggregate's after the change; zero for tasks.
	Version int64
	// Time is when an event happened. A task is not run before it; the zero time is at once.
	Time time.Time
	// Data is encoded as JSON.
	Data any
}
