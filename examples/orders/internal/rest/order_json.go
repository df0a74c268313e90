package rest

import (
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/httpserver"
	"github.com/acme/orders/internal/platform/jsonbody"
)

// orderJSON is an order on the wire.
type orderJSON struct {
	ID         uuid.UUID   `json:"id"`
	CustomerID uuid.UUID   `json:"customer_id"`
	ProductID  *uuid.UUID  `json:"product_id"`
	Email      *string     `json:"email"`
	State      order.State `json:"state"`
	Total      string      `json:"total"`
	Note       *string     `json:"note"`
	CreatedAt  time.Time   `json:"created_at"`
	UpdatedAt  time.Time   `json:"updated_at"`
	Version    int64       `json:"version,string"`
}

func encodeOrder(o order.Order) orderJSON {
	return orderJSON{
		ID:         o.ID,
		CustomerID: o.CustomerID,
		ProductID:  o.ProductID,
		Email:      o.Email,
		State:      o.State,
		Total:      o.Total.StringFixed(2),
		Note:       o.Note,
		CreatedAt:  o.CreatedAt,
		UpdatedAt:  o.UpdatedAt,
		Version:    o.Version,
	}
}

// decodeOrder puts what the body says about an order into d and leaves the rest of d as it is.
func decodeOrder(body []byte, d *order.Details) error {
	return jsonbody.Decode(body,
		jsonbody.To("customer_id", &d.CustomerID),
		jsonbody.To("product_id", &d.ProductID),
		jsonbody.To("email", &d.Email),
		jsonbody.OutputOnly("state"),
		jsonbody.To("total", &d.Total),
		jsonbody.To("note", &d.Note),
		jsonbody.OutputOnly("id"),
		jsonbody.OutputOnly("created_at"),
		jsonbody.OutputOnly("updated_at"),
		jsonbody.OutputOnly("version"),
	)
}

func writeOrder(c *gin.Context, status int, o order.Order) {
	httpserver.SetETag(c, o.Version)
	c.JSON(status, encodeOrder(o))
}
