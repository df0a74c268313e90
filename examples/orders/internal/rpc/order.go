package rpc

import (
	"context"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/emptypb"

	pb "github.com/acme/orders/api/proto/orders/v1"
	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/protobody"
)

// orderServer is orders.v1.OrderService.
type orderServer struct {
	pb.UnimplementedOrderServiceServer
	orders *order.Service
}

// CreateOrder adds an order.
func (s orderServer) CreateOrder(ctx context.Context, in *pb.CreateOrderRequest) (*pb.Order, error) {
	unit, err := protobody.UnitOf(ctx, pb.OrderService_CreateOrder_FullMethodName, in.GetRequestId(), in)
	if err != nil {
		return nil, err
	}
	var details order.Details
	if err := s.decode(protobody.Given(), in.GetOrder(), &details); err != nil {
		return nil, protobody.Within("order", err)
	}
	o, err := s.orders.Create(ctx, details, unit)
	if err != nil {
		return nil, protobody.Within("order", err)
	}
	return s.encode(o), nil
}

// GetOrder returns an order.
func (s orderServer) GetOrder(ctx context.Context, in *pb.GetOrderRequest) (*pb.Order, error) {
	id, err := protobody.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	o, err := s.orders.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.encode(o), nil
}

// UpdateOrder changes an order. With the mask "*", what cannot change need not be repeated.
func (s orderServer) UpdateOrder(ctx context.Context, in *pb.UpdateOrderRequest) (*pb.Order, error) {
	id, err := protobody.ID("order.id", in.GetOrder().GetId())
	if err != nil {
		return nil, err
	}
	version, err := protobody.Version("order.etag", in.GetOrder().GetEtag())
	if err != nil {
		return nil, err
	}
	mask, err := protobody.ReadMask(in.GetUpdateMask())
	if err != nil {
		return nil, err
	}
	o, err := s.orders.Update(ctx, id, version, func(d *order.Details) error {
		if mask.ReplacesAll() {
			*d = order.Details{CustomerID: d.CustomerID, ProductID: d.ProductID}
		}
		return s.decode(mask, in.GetOrder(), d)
	})
	if err != nil {
		return nil, protobody.Within("order", err)
	}
	return s.encode(o), nil
}

// DeleteOrder removes an order.
func (s orderServer) DeleteOrder(ctx context.Context, in *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	id, err := protobody.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	version, err := protobody.OptionalVersion(in.GetEtag())
	if err != nil {
		return nil, err
	}
	if err := s.orders.Delete(ctx, id, version); err != nil {
		return nil, err
	}
	return &emptypb.Empty{}, nil
}

// PayOrder sets state to paid. Before, state must be pending.
func (s orderServer) PayOrder(ctx context.Context, in *pb.PayOrderRequest) (*pb.Order, error) {
	unit, err := protobody.UnitOf(ctx, pb.OrderService_PayOrder_FullMethodName, in.GetRequestId(), in)
	if err != nil {
		return nil, err
	}
	return s.act(ctx, in.GetId(), in.GetEtag(), unit, s.orders.Pay)
}

// CancelOrder sets state to cancelled. Before, state must be pending or paid.
func (s orderServer) CancelOrder(ctx context.Context, in *pb.CancelOrderRequest) (*pb.Order, error) {
	unit, err := protobody.UnitOf(ctx, pb.OrderService_CancelOrder_FullMethodName, in.GetRequestId(), in)
	if err != nil {
		return nil, err
	}
	return s.act(ctx, in.GetId(), in.GetEtag(), unit, s.orders.Cancel)
}

type orderAction func(ctx context.Context, id uuid.UUID, version int64, unit message.Unit) (order.Order, error)

func (s orderServer) act(ctx context.Context, id, tag string, unit message.Unit, action orderAction) (*pb.Order, error) {
	parsed, err := protobody.ID("id", id)
	if err != nil {
		return nil, err
	}
	version, err := protobody.OptionalVersion(tag)
	if err != nil {
		return nil, err
	}
	o, err := action(ctx, parsed, version, unit)
	if err != nil {
		return nil, err
	}
	return s.encode(o), nil
}
