package rest

import (
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/acme/shipping/internal/platform/httpserver"
	"github.com/acme/shipping/internal/platform/jsonbody"
	"github.com/acme/shipping/internal/shipment"
)

// shipmentJSON is a shipment on the wire.
type shipmentJSON struct {
	ID        uuid.UUID      `json:"id"`
	OrderID   uuid.UUID      `json:"order_id"`
	State     shipment.State `json:"state"`
	CreatedAt time.Time      `json:"created_at"`
	UpdatedAt time.Time      `json:"updated_at"`
	Version   int64          `json:"version,string"`
}

func encodeShipment(sh shipment.Shipment) shipmentJSON {
	return shipmentJSON{
		ID:        sh.ID,
		OrderID:   sh.OrderID,
		State:     sh.State,
		CreatedAt: sh.CreatedAt,
		UpdatedAt: sh.UpdatedAt,
		Version:   sh.Version,
	}
}

// decodeShipment puts what the body says about a shipment into d and leaves the rest of d as it is.
func decodeShipment(body []byte, d *shipment.Details) error {
	return jsonbody.Decode(body,
		jsonbody.To("order_id", &d.OrderID),
		jsonbody.OutputOnly("state"),
		jsonbody.OutputOnly("id"),
		jsonbody.OutputOnly("created_at"),
		jsonbody.OutputOnly("updated_at"),
		jsonbody.OutputOnly("version"),
	)
}

func writeShipment(c *gin.Context, status int, sh shipment.Shipment) {
	httpserver.SetETag(c, sh.Version)
	c.JSON(status, encodeShipment(sh))
}
