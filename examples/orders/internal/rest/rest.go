// Package rest offers the use cases over HTTP: it decodes a request, calls the domain and encodes the answer.
package rest

import (
	"github.com/gin-gonic/gin"

	"github.com/acme/orders/internal/order"
)

// UseCases are what the routes call.
type UseCases struct {
	Orders *order.Service
}

// Routes adds every route of the API to r.
func Routes(r gin.IRouter, use UseCases) {
	orderHandler{orders: use.Orders}.routes(r)
}
