package tasks

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/acme/orders/internal/fault"
	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/order/ordertest"
	"github.com/acme/orders/internal/platform/taskqueue"
)

func TestAwaitPayment(t *testing.T) {
	o := ordertest.Order(time.Now().UTC())
	store := ordertest.NewStore(o)
	use := UseCases{Orders: order.NewService(store, ordertest.Announce, time.Now)}
	h := handlers{use: use, log: slog.New(slog.DiscardHandler)}
	task := taskqueue.Task[message.AwaitPayment]{Name: "await-payment", ID: "1"}
	task.Payload.OrderID = o.ID
	if err := h.awaitPayment(t.Context(), task); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("error %v while the order is pending, want one of kind Unavailable", err)
	}
	if _, err := use.Orders.Pay(t.Context(), o.ID, order.AnyVersion, message.Unit{}); err != nil {
		t.Fatal(err)
	}
	if err := h.awaitPayment(t.Context(), task); err != nil {
		t.Errorf("error %v once it is paid, want none", err)
	}
	task.Payload.OrderID = uuid.New()
	if err := h.awaitPayment(t.Context(), task); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("error %v for an order that is gone, want %v", err, order.ErrNotFound)
	}
}

func TestUndoAwaitPayment(t *testing.T) {
	tests := []struct {
		name    string
		before  func(*order.Order)
		gone    bool
		version int64
	}{
		{
			name: "what can be undone",
			before: func(o *order.Order) {
				o.State = order.StatePending
			},
			version: 2,
		},
		{
			name: "paid after all",
			before: func(o *order.Order) {
				o.State = order.StatePaid
			},
			version: 1,
		},
		{
			name: "nothing to undo in this state",
			before: func(o *order.Order) {
				o.State = order.StateShipped
			},
			version: 1,
		},
		{name: "nothing there", gone: true, version: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := ordertest.Order(time.Now().UTC())
			if tt.before != nil {
				tt.before(&o)
			}
			store := ordertest.NewStore(o)
			use := UseCases{Orders: order.NewService(store, ordertest.Announce, time.Now)}
			h := handlers{use: use, log: slog.New(slog.DiscardHandler)}
			task := taskqueue.Task[message.AwaitPayment]{Name: "await-payment", ID: "1"}
			task.Payload.OrderID = o.ID
			if tt.gone {
				task.Payload.OrderID = uuid.New()
			}
			for range 2 {
				if err := h.undoAwaitPayment(t.Context(), task); err != nil {
					t.Fatalf("error %v, want none", err)
				}
			}
			var version int64
			if _, err := store.Update(t.Context(), o.ID, message.Unit{}, func(o *order.Order) ([]message.Message, error) {
				version = o.Version
				return nil, nil
			}); err != nil {
				t.Fatal(err)
			}
			if version != tt.version {
				t.Errorf("version %d after being undone twice, want %d", version, tt.version)
			}
		})
	}
}
