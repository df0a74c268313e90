// Package rpc offers the use cases over gRPC: it decodes a message, calls the domain and encodes the answer.
package rpc

import (
	"google.golang.org/grpc"

	pb "github.com/acme/catalog/api/proto/catalog/v1"
	"github.com/acme/catalog/internal/product"
)

// UseCases are what the methods call.
type UseCases struct {
	Products *product.Service
}

// Register adds every service of the API to r.
func Register(r grpc.ServiceRegistrar, use UseCases) {
	pb.RegisterProductServiceServer(r, productServer{products: use.Products})
}
