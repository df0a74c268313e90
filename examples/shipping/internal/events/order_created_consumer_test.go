package events_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/acme/shipping/internal/events"
	"github.com/acme/shipping/internal/fault"
	"github.com/acme/shipping/internal/platform/kafka"
	"github.com/acme/shipping/internal/shipment"
	"github.com/acme/shipping/internal/shipment/shipmenttest"
)

func TestHandleOrderCreated(t *testing.T) {
	const created = "orders.order.created.v1"
	order := uuid.New()
	data := json.RawMessage(`{"id":"` + order.String() + `","customer_id":"x","since":"today"}`)
	tests := []struct {
		name      string
		event     kafka.Event
		shipments int
		refused   fault.Kind
	}{
		{"the event", kafka.Event{ID: "e-1", Type: created, Data: data}, 1, fault.Internal},
		{"with data of another form", kafka.Event{ID: "e-1", Type: created, Data: json.RawMessage(`[]`)}, 0, fault.Malformed},
		{"another type of the topic", kafka.Event{ID: "e-1", Type: "orders.order.pay.v1", Data: data}, 0, fault.Internal},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			shipments := shipment.NewService(shipmenttest.NewStore(), time.Now)
			handle := handlerOf(t, "order-created", events.UseCases{Shipments: shipments})
			for range 3 {
				if err := handle(t.Context(), tt.event); fault.KindOf(err) != tt.refused || (err == nil) != (tt.refused == fault.Internal) {
					t.Errorf("error %v, want the kind %d", err, tt.refused)
				}
			}
			list, err := shipments.List(t.Context(), shipment.Query{SortBy: shipment.SortByCreatedAt, Limit: 10})
			if err != nil || len(list) != tt.shipments {
				t.Fatalf("%d shipments, %v; want %d", len(list), err, tt.shipments)
			}
			if len(list) > 0 && list[0].OrderID != order {
				t.Errorf("a shipment of %s, want of %s", list[0].OrderID, order)
			}
		})
	}
}
