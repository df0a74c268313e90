package clients_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	ordersv1 "github.com/acme/catalog/api/clients/orders/orders/v1"
	"github.com/acme/catalog/internal/clients/orderstest"
	"github.com/acme/catalog/internal/fault"
)

// oneOrder answers with an order, or with an error.
type oneOrder struct {
	ordersv1.UnimplementedOrderServiceServer
	order *ordersv1.Order
	err   error
}

func (s oneOrder) GetOrder(context.Context, *ordersv1.GetOrderRequest) (*ordersv1.Order, error) {
	return s.order, s.err
}

func TestProductOfAnOrder(t *testing.T) {
	product := uuid.New()
	text := product.String()
	tests := []struct {
		name    string
		server  oneOrder
		product uuid.UUID
		refused fault.Kind
	}{
		{"of a product", oneOrder{order: &ordersv1.Order{ProductId: &text}}, product, fault.Internal},
		{"of nothing", oneOrder{order: &ordersv1.Order{}}, uuid.Nil, fault.Internal},
		{"cancelled", oneOrder{order: &ordersv1.Order{ProductId: &text, State: ordersv1.Order_STATE_CANCELLED}}, uuid.Nil, fault.Internal},
		{"gone", oneOrder{err: status.Error(codes.NotFound, "gone")}, uuid.Nil, fault.Internal},
		{"nobody answers", oneOrder{err: status.Error(codes.Unavailable, "starting")}, uuid.Nil, fault.Unavailable},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ordered, err := orderstest.New(t, orderstest.Servers{Order: tt.server}).Product(t.Context(), uuid.New())
			if got != tt.product || ordered != (tt.product != uuid.Nil) {
				t.Errorf("product %s, %t; want %s", got, ordered, tt.product)
			}
			if fault.KindOf(err) != tt.refused || (err == nil) != (tt.refused == fault.Internal) {
				t.Errorf("error %v, want the kind %d", err, tt.refused)
			}
		})
	}
}
