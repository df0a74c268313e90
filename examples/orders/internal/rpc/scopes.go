package rpc

import "github.com/acme/orders/internal/platform/auth"

// Scopes says what a token must have for each method. A method without a line is refused to everybody.
func Scopes() auth.Table {
	return auth.Tables(
		orderScopes(),
	)
}

func orderScopes() auth.Table {
	return auth.Table{
		// CreateOrder adds an order.
		"orders.v1.OrderService/CreateOrder": auth.Needs("orders.write"),
		// GetOrder returns an order.
		"orders.v1.OrderService/GetOrder": auth.Needs("orders.read"),
		// ListOrders returns orders.
		"orders.v1.OrderService/ListOrders": auth.Needs("orders.read"),
		// UpdateOrder changes an order.
		"orders.v1.OrderService/UpdateOrder": auth.Needs("orders.write"),
		// DeleteOrder removes an order.
		"orders.v1.OrderService/DeleteOrder": auth.Needs("orders.write"),
		// PayOrder sets state to paid. Before, state must be pending.
		"orders.v1.OrderService/PayOrder": auth.Needs("orders.write"),
		// CancelOrder sets state to cancelled. Before, state must be pending or paid.
		"orders.v1.OrderService/CancelOrder": auth.Needs("orders.write"),
	}
}
