package rpc

import (
	"context"

	pb "github.com/acme/orders/api/proto/orders/v1"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/paging"
	"github.com/acme/orders/internal/platform/protobody"
)

// ListOrders returns one page of orders.
func (s orderServer) ListOrders(ctx context.Context, in *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	page, filter, err := s.readList(in)
	if err != nil {
		return nil, err
	}
	q := order.Query{
		Filter:     filter,
		SortBy:     order.SortKey(page.Order.Field),
		Descending: page.Order.Descending,
		After:      (*order.Position)(page.After),
		Limit:      page.Limit(),
	}
	orders, err := s.orders.List(ctx, q)
	if err != nil {
		return nil, err
	}
	orders, next := paging.Cut(page, orders, func(o order.Order) paging.Cursor {
		return paging.Cursor(o.Position(q.SortBy))
	})
	encoded := make([]*pb.Order, len(orders))
	for i, o := range orders {
		encoded[i] = s.encode(o)
	}
	return &pb.ListOrdersResponse{Orders: encoded, NextPageToken: next}, nil
}

func (s orderServer) readList(in *pb.ListOrdersRequest) (page paging.Page, filter order.Filter, err error) {
	request, err := protobody.List(in.GetPageSize(), in.GetPageToken(), in.GetOrderBy(),
		protobody.Parsed("customer_id", in.CustomerId, &filter.CustomerID),
		protobody.Parsed("product_id", in.ProductId, &filter.ProductID),
	)
	if err != nil {
		return page, filter, err
	}
	page, err = s.pages().Page(request)
	return page, filter, err
}

// pages says how lists of orders can be sorted. Page tokens are those of every API of this service.
func (orderServer) pages() paging.Rules {
	return paging.Rules{
		Collection: "orders",
		OrderBy: []string{
			string(order.SortByCreatedAt),
			string(order.SortByUpdatedAt),
			string(order.SortByCustomerID),
		},
		Default: string(order.SortByCreatedAt),
	}
}
