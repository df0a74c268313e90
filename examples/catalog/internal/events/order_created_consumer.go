package events

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/acme/catalog/internal/platform/kafka"
	"github.com/acme/catalog/internal/product"
)

// orderCreatedType is the type of event that is handled; the topic's other types are not for this consumer.
const orderCreatedType = "orders.order.created.v1"

// orderCreatedEvent is what this service reads of the event's data. Members that are not named here are skipped.
type orderCreatedEvent struct {
	ID uuid.UUID `json:"id"`
}

// handleOrderCreated counts the order for its product, once, however often the event arrives. What it is for, orders says:
// the event may be old, and its order cancelled since. A product that is not in the catalog has nothing to count.
func (h eventHandlers) handleOrderCreated(ctx context.Context, event kafka.Event) error {
	if event.Type != orderCreatedType {
		return nil
	}
	var data orderCreatedEvent
	if err := event.Decode(&data); err != nil {
		return err
	}
	id, ordered, err := h.Orders.Product(ctx, data.ID)
	if err != nil || !ordered {
		return err
	}
	_, err = h.Products.CountOrder(ctx, id, event.Unit("order-created", keepOnceKey))
	if errors.Is(err, product.ErrNotFound) {
		return nil
	}
	return err
}
