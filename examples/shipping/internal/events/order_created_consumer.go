package events

import (
	"context"

	"github.com/google/uuid"

	"github.com/acme/shipping/internal/platform/kafka"
	"github.com/acme/shipping/internal/shipment"
)

// orderCreatedType is the type of event that is handled; the topic's other types are not for this consumer.
const orderCreatedType = "orders.order.created.v1"

// orderCreatedEvent is what this service reads of the event's data. Members that are not named here are skipped.
type orderCreatedEvent struct {
	ID uuid.UUID `json:"id"`
}

// handleOrderCreated adds a shipment for the order, once, however often the event arrives.
func (h eventHandlers) handleOrderCreated(ctx context.Context, event kafka.Event) error {
	if event.Type != orderCreatedType {
		return nil
	}
	var data orderCreatedEvent
	if err := event.Decode(&data); err != nil {
		return err
	}
	_, err := h.Shipments.Create(ctx, shipment.Details{OrderID: &data.ID}, event.Unit("order-created", keepOnceKey))
	return err
}
