// Package rest offers the use cases over HTTP: it decodes a request, calls the domain and encodes the answer.
package rest

import (
	"github.com/gin-gonic/gin"

	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/httpserver"
)

// UseCases are what the routes call.
type UseCases struct {
	Orders *order.Service
}

// Routes adds every route of the API to r.
func Routes(r gin.IRouter, use UseCases) {
	orders := orderHandler{orders: use.Orders}
	r.POST("/v1/orders", httpserver.Handle(orders.create))
	r.GET("/v1/orders", httpserver.Handle(orders.list))
	r.GET("/v1/orders/:id", httpserver.Handle(orders.get))
	r.PUT("/v1/orders/:id", httpserver.Handle(orders.replace))
	r.PATCH("/v1/orders/:id", httpserver.Handle(orders.patch))
	r.DELETE("/v1/orders/:id", httpserver.Handle(orders.delete))
	r.POST("/v1/orders/:id/pay", httpserver.Handle(orders.pay))
	r.POST("/v1/orders/:id/cancel", httpserver.Handle(orders.cancel))
}
