package rest

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/httpserver"
)

type orderHandler struct {
	orders *order.Service
}

func (h orderHandler) routes(r gin.IRouter) {
	r.POST("/v1/orders", httpserver.Handle(h.create))
	r.GET("/v1/orders", httpserver.Handle(h.list))
	r.GET("/v1/orders/:id", httpserver.Handle(h.get))
	r.PUT("/v1/orders/:id", httpserver.Handle(h.replace))
	r.PATCH("/v1/orders/:id", httpserver.Handle(h.patch))
	r.DELETE("/v1/orders/:id", httpserver.Handle(h.delete))
	r.POST("/v1/orders/:id/pay", httpserver.Handle(h.pay))
	r.POST("/v1/orders/:id/cancel", httpserver.Handle(h.cancel))
}

func (h orderHandler) create(c *gin.Context) error {
	body, err := httpserver.Body(c)
	if err != nil {
		return err
	}
	unit, err := httpserver.Unit(c, body)
	if err != nil {
		return err
	}
	var details order.Details
	if err := decodeOrder(body, &details); err != nil {
		return err
	}
	o, err := h.orders.Create(c.Request.Context(), details, unit)
	if err != nil {
		return err
	}
	c.Header("Location", "/v1/orders/"+o.ID.String())
	writeOrder(c, http.StatusCreated, o)
	return nil
}

func (h orderHandler) get(c *gin.Context) error {
	id, err := httpserver.ID(c)
	if err != nil {
		return err
	}
	o, err := h.orders.Get(c.Request.Context(), id)
	if err != nil {
		return err
	}
	writeOrder(c, http.StatusOK, o)
	return nil
}

// replace gives the order the body's details and no others; what cannot change need not be repeated.
func (h orderHandler) replace(c *gin.Context) error {
	return h.update(c, func(body []byte, d *order.Details) error {
		*d = order.Details{CustomerID: d.CustomerID, ProductID: d.ProductID}
		return decodeOrder(body, d)
	})
}

// patch merges the body into the order's details (RFC 7396).
func (h orderHandler) patch(c *gin.Context) error {
	return h.update(c, decodeOrder)
}

func (h orderHandler) update(c *gin.Context, edit func([]byte, *order.Details) error) error {
	id, err := httpserver.ID(c)
	if err != nil {
		return err
	}
	version, err := httpserver.IfMatch(c)
	if err != nil {
		return err
	}
	body, err := httpserver.Body(c)
	if err != nil {
		return err
	}
	o, err := h.orders.Update(c.Request.Context(), id, version, func(d *order.Details) error {
		return edit(body, d)
	})
	if err != nil {
		return err
	}
	writeOrder(c, http.StatusOK, o)
	return nil
}

func (h orderHandler) delete(c *gin.Context) error {
	id, err := httpserver.ID(c)
	if err != nil {
		return err
	}
	version, err := httpserver.OptionalIfMatch(c)
	if err != nil {
		return err
	}
	if err := h.orders.Delete(c.Request.Context(), id, version); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (h orderHandler) pay(c *gin.Context) error {
	return h.act(c, h.orders.Pay)
}

func (h orderHandler) cancel(c *gin.Context) error {
	return h.act(c, h.orders.Cancel)
}

type orderAction func(ctx context.Context, id uuid.UUID, version int64, unit message.Unit) (order.Order, error)

func (h orderHandler) act(c *gin.Context, action orderAction) error {
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
	o, err := action(c.Request.Context(), id, version, unit)
	if err != nil {
		return err
	}
	writeOrder(c, http.StatusOK, o)
	return nil
}
