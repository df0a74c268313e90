package clients

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ordersv1 "github.com/acme/catalog/api/clients/orders/orders/v1"
)

// Orders is the service orders.
type Orders struct {
	Order ordersv1.OrderServiceClient
}

// NewOrders returns the service orders behind a connection.
func NewOrders(conn grpc.ClientConnInterface) Orders {
	return Orders{
		Order: ordersv1.NewOrderServiceClient(conn),
	}
}

// Product returns the product that an order is for. It reports false for an order that is for none, was cancelled, or is
// there no more.
func (c Orders) Product(ctx context.Context, order uuid.UUID) (product uuid.UUID, ordered bool, err error) {
	o, err := c.Order.GetOrder(ctx, &ordersv1.GetOrderRequest{Id: order.String()})
	if status.Code(err) == codes.NotFound {
		return uuid.Nil, false, nil
	}
	if err != nil {
		return uuid.Nil, false, fmt.Errorf("get order %s: %w", order, err)
	}
	if o.ProductId == nil || o.GetState() == ordersv1.Order_STATE_CANCELLED {
		return uuid.Nil, false, nil
	}
	product, err = uuid.Parse(o.GetProductId())
	return product, err == nil, err
}
