package rpc

import (
	"context"

	pb "github.com/acme/catalog/api/proto/catalog/v1"
	"github.com/acme/catalog/internal/platform/paging"
	"github.com/acme/catalog/internal/platform/protobody"
	"github.com/acme/catalog/internal/product"
)

// ListProducts returns one page of products.
func (s productServer) ListProducts(ctx context.Context, in *pb.ListProductsRequest) (*pb.ListProductsResponse, error) {
	page, filter, err := s.readList(in)
	if err != nil {
		return nil, err
	}
	q := product.Query{
		Filter:     filter,
		SortBy:     product.SortKey(page.Order.Field),
		Descending: page.Order.Descending,
		After:      (*product.Position)(page.After),
		Limit:      page.Limit(),
	}
	products, err := s.products.List(ctx, q)
	if err != nil {
		return nil, err
	}
	products, next := paging.Cut(page, products, func(p product.Product) paging.Cursor {
		return paging.Cursor(p.Position(q.SortBy))
	})
	encoded := make([]*pb.Product, len(products))
	for i, p := range products {
		encoded[i] = s.encode(p)
	}
	return &pb.ListProductsResponse{Products: encoded, NextPageToken: next}, nil
}

func (s productServer) readList(in *pb.ListProductsRequest) (page paging.Page, filter product.Filter, err error) {
	request, err := protobody.List(in.GetPageSize(), in.GetPageToken(), in.GetOrderBy(),
		protobody.To("sku", in.Sku, &filter.Sku),
		protobody.Parsed("price", in.Price, &filter.Price),
	)
	if err != nil {
		return page, filter, err
	}
	page, err = s.pages().Page(request)
	return page, filter, err
}

// pages says how lists of products can be sorted. Page tokens are those of every API of this service.
func (productServer) pages() paging.Rules {
	return paging.Rules{
		Collection: "products",
		OrderBy: []string{
			string(product.SortByCreatedAt),
			string(product.SortByUpdatedAt),
			string(product.SortBySku),
			string(product.SortByPrice),
		},
		Default: string(product.SortByCreatedAt),
	}
}
