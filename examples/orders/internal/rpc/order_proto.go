package rpc

import (
	"google.golang.org/protobuf/types/known/timestamppb"

	pb "github.com/acme/orders/api/proto/orders/v1"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/etag"
	"github.com/acme/orders/internal/platform/protobody"
)

// encode returns an order as a message.
func (s orderServer) encode(o order.Order) *pb.Order {
	return &pb.Order{
		Id:         o.ID.String(),
		CreatedAt:  timestamppb.New(o.CreatedAt),
		UpdatedAt:  timestamppb.New(o.UpdatedAt),
		Version:    o.Version,
		Etag:       etag.Of(o.Version),
		CustomerId: new(o.CustomerID.String()),
		ProductId:  protobody.Text(o.ProductID),
		Email:      o.Email,
		State:      protobody.NumberOf(&o.State, s.stateValues()),
		Total:      new(o.Total.StringFixed(2)),
		Note:       o.Note,
	}
}

// decode puts the fields that the mask takes into d and leaves the rest of d as it is.
func (s orderServer) decode(mask protobody.Mask, in *pb.Order, d *order.Details) error {
	if in == nil {
		in = &pb.Order{}
	}
	return protobody.Decode(mask,
		protobody.Parsed("customer_id", in.CustomerId, &d.CustomerID),
		protobody.Parsed("product_id", in.ProductId, &d.ProductID),
		protobody.To("email", in.Email, &d.Email),
		protobody.OutputOnly("state"),
		protobody.Parsed("total", in.Total, &d.Total),
		protobody.To("note", in.Note, &d.Note),
		protobody.OutputOnly("id"),
		protobody.OutputOnly("created_at"),
		protobody.OutputOnly("updated_at"),
		protobody.OutputOnly("version"),
		protobody.OutputOnly("etag"),
	)
}

// stateValues are the values of state with their numbers.
func (orderServer) stateValues() []protobody.Value[order.State, pb.Order_State] {
	return []protobody.Value[order.State, pb.Order_State]{
		{Text: order.StatePending, Number: pb.Order_STATE_PENDING},
		{Text: order.StatePaid, Number: pb.Order_STATE_PAID},
		{Text: order.StateShipped, Number: pb.Order_STATE_SHIPPED},
		{Text: order.StateCancelled, Number: pb.Order_STATE_CANCELLED},
	}
}
