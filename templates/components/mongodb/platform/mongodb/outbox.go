package mongodb

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"go.opentelemetry.io/otel/propagation"

	"create-service/templates/service/kernel/message"
)

// outbox holds the messages of one document that wait, by kind. A kind of which none waits has no queue.
type outbox map[message.Kind]queue

// queue is the messages of one kind in one document, in the order of their commits.
type queue struct {
	// Since is when the oldest message was committed that can be sent. Nil: all are parked, or behind a parked one.
	Since *time.Time `bson:"since,omitempty"`
	// Waiting and Parked count.
	Waiting  int32     `bson:"waiting"`
	Parked   int32     `bson:"parked,omitempty"`
	Messages []Message `bson:"messages"`
}

// Message is a committed message that waits in its document.
type Message struct {
	// ID, Type, Topic, Key, Version and Time are those of [message.Message].
	ID      uuid.UUID  `bson:"id"`
	Type    string     `bson:"type"`
	Topic   string     `bson:"topic"`
	Key     string     `bson:"key"`
	Version int64      `bson:"version"`
	Time    *time.Time `bson:"time,omitempty"`
	// Data is JSON.
	Data json.RawMessage `bson:"data"`
	// CommittedAt is when the message was committed, by the clock of the process that did so.
	CommittedAt time.Time `bson:"committed_at"`
	// Trace is the W3C trace context of the operation that committed it.
	Trace map[string]string `bson:"trace,omitempty"`
	// ParkedAt is when the message was set aside, if it was, and ParkedReason why.
	ParkedAt     *time.Time `bson:"parked_at,omitempty"`
	ParkedReason string     `bson:"parked_reason,omitempty"`
}

// stamp gives messages what they have from the operation that commits them.
type stamp struct {
	at    time.Time
	trace map[string]string
}

// with returns the outbox with further messages behind those that are there.
func (o outbox) with(s stamp, messages []message.Message) (outbox, error) {
	if len(messages) == 0 {
		return o, nil
	}
	more := outbox{}
	for kind, q := range o {
		more[kind] = queue{Messages: slices.Clone(q.Messages)}
	}
	for _, m := range messages {
		data, err := json.Marshal(m.Data)
		if err != nil {
			return nil, fmt.Errorf("encode the %s %s: %w", m.Kind, m.Type, err)
		}
		q := more[m.Kind]
		q.Messages = append(q.Messages, Message{
			ID: m.ID, Type: m.Type, Topic: m.Topic, Key: m.Key, Version: m.Version, Time: timeOrNil(m.Time), Data: data,
			CommittedAt: s.at, Trace: s.trace,
		})
		more[m.Kind] = q
	}
	return more.counted(), nil
}

// without returns the outbox without the messages of one kind that have one of the ids.
func (o outbox) without(kind message.Kind, ids []uuid.UUID) outbox {
	return o.changed(kind, func(q *queue) {
		q.Messages = slices.DeleteFunc(q.Messages, func(m Message) bool { return slices.Contains(ids, m.ID) })
	})
}

// changed returns the outbox after a change of one of its queues.
func (o outbox) changed(kind message.Kind, change func(*queue)) outbox {
	other := outbox{}
	for each, q := range o {
		q.Messages = slices.Clone(q.Messages)
		if each == kind {
			change(&q)
		}
		other[each] = q
	}
	return other.counted()
}

// counted brings the figures of every queue up to date, and drops queues without messages.
func (o outbox) counted() outbox {
	for kind, q := range o {
		if len(q.Messages) == 0 {
			delete(o, kind)
			continue
		}
		o[kind] = q.counted()
	}
	return o
}

func (q queue) counted() queue {
	q.Since, q.Waiting, q.Parked = nil, 0, 0
	for _, m := range q.Messages {
		if m.ParkedAt != nil {
			q.Parked++
		} else {
			q.Waiting++
		}
	}
	if first := q.sendable(); len(first) > 0 {
		q.Since = &first[0].CommittedAt
	}
	return q
}

// sendable returns the messages that are neither parked nor behind a parked one of their topic and key.
func (q queue) sendable() []Message {
	type order struct{ topic, key string }
	held := map[order]bool{}
	var free []Message
	for _, m := range q.Messages {
		by := order{m.Topic, m.Key}
		if m.ParkedAt != nil {
			held[by] = true
		}
		if !held[by] {
			free = append(free, m)
		}
	}
	return free
}

func newStamp(ctx context.Context) stamp {
	trace := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, trace)
	return stamp{at: time.Now().UTC(), trace: trace}
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
