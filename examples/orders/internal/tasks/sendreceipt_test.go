package tasks

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/order/ordertest"
	"github.com/acme/orders/internal/platform/taskqueue"
)

func TestSendReceipt(t *testing.T) {
	o := ordertest.Order(time.Now().UTC())
	store := ordertest.NewStore(o)
	use := UseCases{Orders: order.NewService(store, ordertest.Announce, time.Now)}
	h := handlers{use: use, log: slog.New(slog.DiscardHandler)}
	task := taskqueue.Task[message.SendReceipt]{Name: "send-receipt", ID: "1"}
	task.Payload.OrderID = o.ID
	if err := h.sendReceipt(t.Context(), task); err != nil {
		t.Errorf("error %v, want none", err)
	}
	task.Payload.OrderID = uuid.New()
	if err := h.sendReceipt(t.Context(), task); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("error %v for an order that is gone, want %v", err, order.ErrNotFound)
	}
}
