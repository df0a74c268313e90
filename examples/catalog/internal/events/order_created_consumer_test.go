package events_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/acme/catalog/internal/events"
	"github.com/acme/catalog/internal/fault"
	"github.com/acme/catalog/internal/message"
	"github.com/acme/catalog/internal/platform/kafka"
	"github.com/acme/catalog/internal/product"
	"github.com/acme/catalog/internal/product/producttest"
)

// knownOrders has the products that orders are for.
type knownOrders map[uuid.UUID]uuid.UUID

func (o knownOrders) Product(_ context.Context, order uuid.UUID) (uuid.UUID, bool, error) {
	id, ordered := o[order]
	return id, ordered, nil
}

// ordersAway is the service orders when it does not answer.
type ordersAway struct{}

func (ordersAway) Product(context.Context, uuid.UUID) (uuid.UUID, bool, error) {
	return uuid.Nil, false, fault.New(fault.Unavailable, "away")
}

func TestHandleOrderCreated(t *testing.T) {
	const created = "orders.order.created.v1"
	products := product.NewService(producttest.NewStore(), time.Now)
	p, err := products.Create(t.Context(), producttest.Details(), message.Unit{})
	if err != nil {
		t.Fatal(err)
	}
	order, ofNothing, ofAnother := uuid.New(), uuid.New(), uuid.New()
	orders := knownOrders{order: p.ID, ofAnother: uuid.New()}
	about := func(id uuid.UUID) json.RawMessage {
		return json.RawMessage(`{"id":"` + id.String() + `","since":"tomorrow"}`)
	}
	tests := []struct {
		name    string
		orders  events.Orders
		event   kafka.Event
		refused fault.Kind
		ordered int64
	}{
		{"another type of the topic", orders, kafka.Event{ID: "1", Type: "orders.order.pay.v1", Data: about(order)}, fault.Internal, 0},
		{"data of another form", orders, kafka.Event{ID: "2", Type: created, Data: json.RawMessage(`[]`)}, fault.Malformed, 0},
		{"an order of nothing", orders, kafka.Event{ID: "3", Type: created, Data: about(ofNothing)}, fault.Internal, 0},
		{"an order of what is not in the catalog", orders, kafka.Event{ID: "4", Type: created, Data: about(ofAnother)}, fault.Internal, 0},
		{"orders does not answer", ordersAway{}, kafka.Event{ID: "5", Type: created, Data: about(order)}, fault.Unavailable, 0},
		{"an order of the product", orders, kafka.Event{ID: "5", Type: created, Data: about(order)}, fault.Internal, 1},
		{"the same event again", orders, kafka.Event{ID: "5", Type: created, Data: about(order)}, fault.Internal, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			handle := handlerOf(t, "order-created", events.UseCases{Products: products, Orders: tt.orders})
			if err := handle(t.Context(), tt.event); fault.KindOf(err) != tt.refused || (err == nil) != (tt.refused == fault.Internal) {
				t.Errorf("error %v, want the kind %d", err, tt.refused)
			}
			if got, err := products.Get(t.Context(), p.ID); err != nil || got.Ordered != tt.ordered {
				t.Errorf("%d orders, %v; want %d", got.Ordered, err, tt.ordered)
			}
		})
	}
}
