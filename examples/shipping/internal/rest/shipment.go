package rest

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/acme/shipping/internal/message"
	"github.com/acme/shipping/internal/platform/httpserver"
	"github.com/acme/shipping/internal/shipment"
)

type shipmentHandler struct {
	shipments *shipment.Service
}

func (h shipmentHandler) routes(r gin.IRouter) {
	r.POST("/v1/shipments", httpserver.Handle(h.create))
	r.GET("/v1/shipments", httpserver.Handle(h.list))
	r.GET("/v1/shipments/:id", httpserver.Handle(h.get))
	r.POST("/v1/shipments/:id/book", httpserver.Handle(h.book))
	r.POST("/v1/shipments/:id/abort", httpserver.Handle(h.abort))
}

func (h shipmentHandler) create(c *gin.Context) error {
	body, err := httpserver.Body(c)
	if err != nil {
		return err
	}
	unit, err := httpserver.Unit(c, body)
	if err != nil {
		return err
	}
	var details shipment.Details
	if err := decodeShipment(body, &details); err != nil {
		return err
	}
	sh, err := h.shipments.Create(c.Request.Context(), details, unit)
	if err != nil {
		return err
	}
	c.Header("Location", "/v1/shipments/"+sh.ID.String())
	writeShipment(c, http.StatusCreated, sh)
	return nil
}

func (h shipmentHandler) get(c *gin.Context) error {
	id, err := httpserver.ID(c)
	if err != nil {
		return err
	}
	sh, err := h.shipments.Get(c.Request.Context(), id)
	if err != nil {
		return err
	}
	writeShipment(c, http.StatusOK, sh)
	return nil
}

func (h shipmentHandler) book(c *gin.Context) error {
	return h.act(c, h.shipments.Book)
}

func (h shipmentHandler) abort(c *gin.Context) error {
	return h.act(c, h.shipments.Abort)
}

type shipmentAction func(ctx context.Context, id uuid.UUID, version int64, unit message.Unit) (shipment.Shipment, error)

func (h shipmentHandler) act(c *gin.Context, action shipmentAction) error {
	id, err := httpserver.ID(c)
	if err != nil {
		return err
	}
	version, err := httpserver.OptionalIfMatch(c)
	if err != nil {
		return err
	}
	unit, err := httpserver.UnitWithoutBody(c)
	if err != nil {
		return err
	}
	sh, err := action(c.Request.Context(), id, version, unit)
	if err != nil {
		return err
	}
	writeShipment(c, http.StatusOK, sh)
	return nil
}
