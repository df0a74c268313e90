// Package rpc offers the use cases over gRPC: it decodes a message, calls the domain and encodes the answer.
package rpc

import (
	"google.golang.org/grpc"

	pb "github.com/acme/orders/api/proto/orders/v1"
	"github.com/acme/orders/internal/order"
)

// UseCases are what the methods call.
type UseCases struct {
	Orders *order.Service
}

// Register adds every service of the API to r.
func Register(r grpc.ServiceRegistrar, use UseCases) {
	pb.RegisterOrderServiceServer(r, orderServer{orders: use.Orders})
}
