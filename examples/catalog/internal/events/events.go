// Package events is the service's edge to Kafka: what it does with what others tell. The document
// api/asyncapi/catalog.yaml describes the same for those others.
package events

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/acme/catalog/internal/message"
	"github.com/acme/catalog/internal/platform/kafka"
	"github.com/acme/catalog/internal/product"
)

const oneDay = 24 * time.Hour

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
		{Name: "orders.order.v1.catalog.order-created.dlq", Partitions: 1, Retention: deadLetterRetention},
		{Name: "orders.order.v1", Owner: "orders"},
	}
}

// UseCases are what the handlers may call.
type UseCases struct {
	Products *product.Service
	// Orders knows what an order is for.
	Orders Orders
	// Inbox is for events whose handlers call no use case.
	Inbox Inbox
}

// Inbox remembers which events were handled.
type Inbox interface {
	// Receive commits the once-key of unit, and nothing more. The second time it does nothing.
	Receive(ctx context.Context, unit message.Unit) error
}

// Orders is what this service asks of the service orders.
type Orders interface {
	// Product returns the product that an order is for, and false when it is for none.
	Product(ctx context.Context, order uuid.UUID) (product uuid.UUID, ordered bool, err error)
}

// Subscriptions returns what the service consumes, and its handlers on the use cases.
func Subscriptions(use UseCases) []kafka.Subscription {
	h := eventHandlers{UseCases: use}
	return []kafka.Subscription{
		{
			Consumer:    "order-created",
			Topic:       "orders.order.v1",
			DeadLetters: "orders.order.v1.catalog.order-created.dlq",
			Handle:      h.handleOrderCreated,
		},
	}
}

// eventHandlers have the effects of events.
type eventHandlers struct {
	UseCases
}
