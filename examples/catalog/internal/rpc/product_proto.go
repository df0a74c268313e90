package rpc

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	pb "github.com/acme/catalog/api/proto/catalog/v1"
	"github.com/acme/catalog/internal/platform/etag"
	"github.com/acme/catalog/internal/platform/protobody"
	"github.com/acme/catalog/internal/product"
)

// encode returns a product as a message.
func (s productServer) encode(p product.Product) *pb.Product {
	return &pb.Product{
		Id:        p.ID.String(),
		CreatedAt: timestamppb.New(p.CreatedAt),
		UpdatedAt: timestamppb.New(p.UpdatedAt),
		Version:   p.Version,
		Etag:      etag.Of(p.Version),
		Sku:       new(p.Sku),
		Title:     new(p.Title),
		Price:     new(p.Price.StringFixed(2)),
		Ordered:   new(p.Ordered),
	}
}

// decode puts the fields that the mask takes into d and leaves the rest of d as it is.
func (s productServer) decode(mask protobody.Mask, in *pb.Product, d *product.Details) error {
	if in == nil {
		in = &pb.Product{}
	}
	return protobody.Decode(mask,
		protobody.To("sku", in.Sku, &d.Sku),
		protobody.To("title", in.Title, &d.Title),
		protobody.Parsed("price", in.Price, &d.Price),
		protobody.OutputOnly("ordered"),
		protobody.OutputOnly("id"),
		protobody.OutputOnly("created_at"),
		protobody.OutputOnly("updated_at"),
		protobody.OutputOnly("version"),
		protobody.OutputOnly("etag"),
	)
}
