package rest

import "github.com/acme/shipping/internal/platform/auth"

// Scopes says what a token must have for each route. A route without a line is refused to everybody.
func Scopes() auth.Table {
	return auth.Tables(
		auth.Table{
			// The documentation, where API_DOCS shows it.
			"GET /docs": auth.Public(),
			// The contract beside it.
			"GET /openapi.yaml": auth.Public(),
		},
		shipmentScopes(),
	)
}

func shipmentScopes() auth.Table {
	return auth.Table{
		// Create a shipment.
		"POST /v1/shipments": auth.Needs("shipping.write"),
		// List shipments.
		"GET /v1/shipments": auth.Needs("shipping.read"),
		// Get a shipment.
		"GET /v1/shipments/:id": auth.Needs("shipping.read"),
		// Book a shipment.
		"POST /v1/shipments/:id/book": auth.Needs("shipping.write"),
		// Abort a shipment.
		"POST /v1/shipments/:id/abort": auth.Needs("shipping.write"),
	}
}
