// Package orderstest stands in for the service orders in tests.
package orderstest

import (
	"testing"

	"google.golang.org/grpc"

	ordersv1 "github.com/acme/catalog/api/clients/orders/orders/v1"
	"github.com/acme/catalog/internal/clients"
	"github.com/acme/catalog/internal/platform/grpcfake"
)

// Servers is what answers. A service that is nil answers every method with UNIMPLEMENTED.
type Servers struct {
	Order ordersv1.OrderServiceServer
}

// New returns the service orders with a server in memory behind it.
func New(t testing.TB, s Servers) clients.Orders {
	t.Helper()
	return clients.NewOrders(grpcfake.Serve(t, "orders", func(registrar grpc.ServiceRegistrar) {
		if s.Order == nil {
			s.Order = ordersv1.UnimplementedOrderServiceServer{}
		}
		ordersv1.RegisterOrderServiceServer(registrar, s.Order)
	}))
}
