package rest

import "github.com/acme/orders/internal/platform/auth"

// Scopes says what a token must have for each route. A route without a line is refused to everybody.
func Scopes() auth.Table {
	return auth.Tables(
		auth.Table{
			// The documentation, where API_DOCS shows it.
			"GET /docs": auth.Public(),
			// The contract beside it.
			"GET /openapi.yaml": auth.Public(),
		},
		orderScopes(),
	)
}

func orderScopes() auth.Table {
	return auth.Table{
		// Create an order.
		"POST /v1/orders": auth.Needs("orders.write"),
		// List orders.
		"GET /v1/orders": auth.Needs("orders.read"),
		// Get an order.
		"GET /v1/orders/:id": auth.Needs("orders.read"),
		// Replace an order.
		"PUT /v1/orders/:id": auth.Needs("orders.write"),
		// Change an order.
		"PATCH /v1/orders/:id": auth.Needs("orders.write"),
		// Delete an order.
		"DELETE /v1/orders/:id": auth.Needs("orders.write"),
		// Pay an order.
		"POST /v1/orders/:id/pay": auth.Needs("orders.write"),
		// Cancel an order.
		"POST /v1/orders/:id/cancel": auth.Needs("orders.write"),
	}
}
