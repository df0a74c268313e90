package events_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/acme/orders/internal/events"
	"github.com/acme/orders/internal/fault"
	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/order/ordertest"
	"github.com/acme/orders/internal/platform/kafka"
)

func TestHandlePaymentCaptured(t *testing.T) {
	const captured = "payments.payment.captured.v1"
	o := ordertest.Order(time.Now().UTC())
	of := func(id uuid.UUID) json.RawMessage {
		return json.RawMessage(`{"order_id":"` + id.String() + `","since":"today"}`)
	}
	tests := []struct {
		name    string
		event   kafka.Event
		before  order.State
		then    order.State
		refused fault.Kind
	}{
		{"the event", kafka.Event{ID: "e-1", Type: captured, Data: of(o.ID)}, order.StatePending, order.StatePaid, fault.Internal},
		{"of a cancelled order", kafka.Event{ID: "e-1", Type: captured, Data: of(o.ID)}, order.StateCancelled, order.StateCancelled, fault.WrongState},
		{"of an unknown order", kafka.Event{ID: "e-1", Type: captured, Data: of(uuid.New())}, order.StatePending, order.StatePending, fault.NotFound},
		{"with data of another form", kafka.Event{ID: "e-1", Type: captured, Data: json.RawMessage(`[]`)}, order.StatePending, order.StatePending, fault.Malformed},
		{"another type of the topic", kafka.Event{ID: "e-1", Type: captured + ".other", Data: of(o.ID)}, order.StatePending, order.StatePending, fault.Internal},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o.State = tt.before
			orders := order.NewService(ordertest.NewStore(o), ordertest.Announce, time.Now)
			handle := handlerOf(t, "payment-captured", events.UseCases{Orders: orders})
			for range 2 {
				if err := handle(t.Context(), tt.event); fault.KindOf(err) != tt.refused || (err == nil) != (tt.refused == fault.Internal) {
					t.Errorf("error %v, want the kind %d", err, tt.refused)
				}
			}
			if got, err := orders.Get(t.Context(), o.ID); err != nil || got.State != tt.then {
				t.Errorf("state %s, %v; want %s", got.State, err, tt.then)
			}
		})
	}
}

func TestPaymentIsCapturedOnce(t *testing.T) {
	o := ordertest.Order(time.Now().UTC())
	store := ordertest.NewStore(o)
	handle := handlerOf(t, "payment-captured", events.UseCases{Orders: order.NewService(store, ordertest.Announce, time.Now)})
	event := kafka.Event{ID: "e-1", Type: "payments.payment.captured.v1", Data: json.RawMessage(`{"order_id":"` + o.ID.String() + `"}`)}
	for range 3 {
		if err := handle(t.Context(), event); err != nil {
			t.Fatal(err)
		}
	}
	paid := 0
	for _, m := range store.Sent() {
		if m.Kind == message.Event {
			paid++
		}
	}
	if paid != 1 {
		t.Errorf("%d events after three deliveries, want 1", paid)
	}
}
