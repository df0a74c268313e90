package integration_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/acme/orders/internal/events"
	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/order/ordertest"
	"github.com/acme/orders/internal/platform/config"
	"github.com/acme/orders/internal/platform/kafkatest"
	"github.com/acme/orders/internal/platform/mysqloutbox"
	"github.com/acme/orders/internal/platform/mysqltest"
	"github.com/acme/orders/internal/platform/relay"
	"github.com/acme/orders/internal/store"
	"github.com/acme/orders/migrations"
)

// TestOrderEventsAreRelayed follows an event from the commit of an order through the outbox to the topic.
func TestOrderEventsAreRelayed(t *testing.T) {
	way := kafkatest.Config(t)
	kafkatest.Create(t, way, events.Topics()...)
	db := mysqltest.Open(t, migrations.Files)
	clock := func() time.Time { return time.Now().UTC() }
	created, err := order.NewService(store.NewOrders(db), events.Order, clock).Create(t.Context(), ordertest.Details(), message.Unit{})
	if err != nil {
		t.Fatal(err)
	}

	var loaded struct{ Outbox relay.Config }
	if err := config.Load(&loaded, nil); err != nil {
		t.Fatal(err)
	}
	sender, err := relay.New(loaded.Outbox, message.Event, relay.Deps{
		Source:   mysqloutbox.New(db, message.Event),
		Sender:   kafkatest.Open(t, way, "orders"),
		Log:      slog.New(slog.DiscardHandler),
		Registry: prometheus.NewRegistry(),
	})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- sender.Run(context.WithoutCancel(t.Context())) }()
	got := kafkatest.Events(t, way, "orders.order.v1", 1)[0]
	if got.Type != "orders.order.created.v1" || got.Source != "/orders" || got.Subject != created.ID.String() || got.Version != 1 {
		t.Errorf("event %+v, want that of the order %s", got, created.ID)
	}
	if err := sender.Shutdown(t.Context()); err != nil {
		t.Errorf("shutdown: %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("relay: %v", err)
	}
}
