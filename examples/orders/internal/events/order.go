package events

import (
	"time"

	"github.com/google/uuid"

	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
)

// orderJSON is an order as events show it: without personal data. Members may be added; those that are there keep
// their meaning, since consumers of any age read them.
type orderJSON struct {
	ID         uuid.UUID   `json:"id"`
	CustomerID uuid.UUID   `json:"customer_id"`
	ProductID  *uuid.UUID  `json:"product_id"`
	State      order.State `json:"state"`
	Total      string      `json:"total"`
	Note       *string     `json:"note"`
	CreatedAt  time.Time   `json:"created_at"`
	UpdatedAt  time.Time   `json:"updated_at"`
	Version    int64       `json:"version,string"`
}

// Order returns the event that tells others what happened to an order: "created", "updated", "deleted", "pay", "cancel".
func Order(verb string, o order.Order) message.Message {
	return message.Message{
		ID:      uuid.Must(uuid.NewV7()),
		Kind:    message.Event,
		Type:    "orders.order." + verb + ".v1",
		Topic:   "orders.order.v1",
		Key:     o.ID.String(),
		Version: o.Version,
		Time:    o.UpdatedAt,
		Data: orderJSON{
			ID:         o.ID,
			CustomerID: o.CustomerID,
			ProductID:  o.ProductID,
			State:      o.State,
			Total:      o.Total.StringFixed(2),
			Note:       o.Note,
			CreatedAt:  o.CreatedAt,
			UpdatedAt:  o.UpdatedAt,
			Version:    o.Version,
		},
	}
}
