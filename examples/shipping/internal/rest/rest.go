// Package rest offers the use cases over HTTP: it decodes a request, calls the domain and encodes the answer.
package rest

import (
	"github.com/gin-gonic/gin"

	"github.com/acme/shipping/internal/shipment"
)

// UseCases are what the routes call.
type UseCases struct {
	Shipments *shipment.Service
}

// Routes adds every route of the API to r.
func Routes(r gin.IRouter, use UseCases) {
	shipmentHandler{shipments: use.Shipments}.routes(r)
}
