// Package events is the service's edge to Kafka: what it tells others, and what it does with what others tell. The document
// api/asyncapi/orders.yaml describes the same for those others.
package events

import (
	"context"
	"time"

	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/kafka"
)

const oneDay = 24 * time.Hour

const (
	// topicPartitions bounds how many processes of one consumer can share a topic. More can be added to a topic later, but then
	// the newer events of an aggregate may be handled before its older ones.
	topicPartitions = 6
	// topicRetention is how long a topic keeps an event for consumers that are behind.
	topicRetention = 7 * oneDay
)

const (
	// deadLetterRetention is how long an event that could not be handled waits for somebody to replay it.
	deadLetterRetention = 14 * oneDay
	// keepOnceKey is how long the once-key of an event is remembered: longer than a topic or a dead-letter topic keeps the event,
	// so that no repetition gets by.
	keepOnceKey = 15 * oneDay
)

// Topics returns every topic that the service writes or reads. The topics command creates those without an owner.
func Topics() []kafka.Topic {
	return []kafka.Topic{
		{Name: "orders.order.v1", Partitions: topicPartitions, Retention: topicRetention},
		{Name: "payments.payment.v1.orders.payment-captured.dlq", Partitions: 1, Retention: deadLetterRetention},
		{Name: "payments.payment.v1", Owner: "payments"},
	}
}

// UseCases are what the handlers may call.
type UseCases struct {
	Orders *order.Service
	// Inbox is for events whose handlers call no use case.
	Inbox Inbox
}

// Inbox remembers which events were handled.
type Inbox interface {
	// Receive commits the once-key of unit, and nothing more. The second time it does nothing.
	Receive(ctx context.Context, unit message.Unit) error
}

// Subscriptions returns what the service consumes, and its handlers on the use cases.
func Subscriptions(use UseCases) []kafka.Subscription {
	h := eventHandlers{UseCases: use}
	return []kafka.Subscription{
		{
			Consumer:    "payment-captured",
			Topic:       "payments.payment.v1",
			DeadLetters: "payments.payment.v1.orders.payment-captured.dlq",
			Handle:      h.handlePaymentCaptured,
		},
	}
}

// eventHandlers have the effects of events.
type eventHandlers struct {
	UseCases
}
