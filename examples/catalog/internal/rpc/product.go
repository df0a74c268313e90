package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	pb "github.com/acme/catalog/api/proto/catalog/v1"
	"github.com/acme/catalog/internal/platform/protobody"
	"github.com/acme/catalog/internal/product"
)

// productServer is catalog.v1.ProductService.
type productServer struct {
	pb.UnimplementedProductServiceServer
	products *product.Service
}

// CreateProduct adds a product.
func (s productServer) CreateProduct(ctx context.Context, in *pb.CreateProductRequest) (*pb.Product, error) {
	unit, err := protobody.UnitOf(ctx, pb.ProductService_CreateProduct_FullMethodName, in.GetRequestId(), in)
	if err != nil {
		return nil, err
	}
	var details product.Details
	if err := s.decode(protobody.Given(), in.GetProduct(), &details); err != nil {
		return nil, protobody.Within("product", err)
	}
	p, err := s.products.Create(ctx, details, unit)
	if err != nil {
		return nil, protobody.Within("product", err)
	}
	return s.encode(p), nil
}

// GetProduct returns a product.
func (s productServer) GetProduct(ctx context.Context, in *pb.GetProductRequest) (*pb.Product, error) {
	id, err := protobody.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	p, err := s.products.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.encode(p), nil
}

// UpdateProduct changes a product. With the mask "*", what cannot change need not be repeated.
func (s productServer) UpdateProduct(ctx context.Context, in *pb.UpdateProductRequest) (*pb.Product, error) {
	id, err := protobody.ID("product.id", in.GetProduct().GetId())
	if err != nil {
		return nil, err
	}
	version, err := protobody.Version("product.etag", in.GetProduct().GetEtag())
	if err != nil {
		return nil, err
	}
	mask, err := protobody.ReadMask(in.GetUpdateMask())
	if err != nil {
		return nil, err
	}
	p, err := s.products.Update(ctx, id, version, func(d *product.Details) error {
		if mask.ReplacesAll() {
			*d = product.Details{Sku: d.Sku}
		}
		return s.decode(mask, in.GetProduct(), d)
	})
	if err != nil {
		return nil, protobody.Within("product", err)
	}
	return s.encode(p), nil
}

// DeleteProduct removes a product.
func (s productServer) DeleteProduct(ctx context.Context, in *pb.DeleteProductRequest) (*emptypb.Empty, error) {
	id, err := protobody.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	version, err := protobody.OptionalVersion(in.GetEtag())
	if err != nil {
		return nil, err
	}
	if err := s.products.Delete(ctx, id, version); err != nil {
		return nil, err
	}
	return &emptypb.Empty{}, nil
}
