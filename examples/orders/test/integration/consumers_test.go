package integration_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/acme/orders/internal/events"
	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/order/ordertest"
	"github.com/acme/orders/internal/platform/kafka"
	"github.com/acme/orders/internal/platform/kafkatest"
	"github.com/acme/orders/internal/platform/mysqltest"
	"github.com/acme/orders/internal/store"
	"github.com/acme/orders/migrations"
)

func TestConsumersHandleAnEventOnce(t *testing.T) {
	tests := []struct{ consumer, topic, deadLetters, eventType string }{
		{"payment-captured", "payments.payment.v1", "payments.payment.v1.orders.payment-captured.dlq", "payments.payment.captured.v1"},
	}
	for _, tt := range tests {
		t.Run(tt.consumer, func(t *testing.T) {
			cfg := kafkatest.Config(t)
			kafkatest.Create(t, cfg, events.Topics()...)
			db := mysqltest.Open(t, migrations.Files)
			orders := order.NewService(store.NewOrders(db), events.Order, func() time.Time { return time.Now().UTC() })
			unpaid, err := orders.Create(t.Context(), ordertest.Details(), message.Unit{})
			if err != nil {
				t.Fatal(err)
			}
			event := kafka.Event{ID: "e-1", Source: "/test", Type: tt.eventType, Subject: "a-1", Data: json.RawMessage(`{"order_id":"` + unpaid.ID.String() + `"}`)}
			kafkatest.Publish(t, cfg, tt.topic, event, event)
			kafkatest.Write(t, cfg, &kgo.Record{Topic: cfg.TopicPrefix + tt.topic, Key: []byte("a-1"), Value: []byte("no event")})

			runConsumer(t, cfg, tt.consumer, events.UseCases{Orders: orders})
			dead := kafkatest.Read(t, cfg, tt.deadLetters, 1)
			if len(dead) != 1 || string(dead[0].Value) != "no event" {
				t.Errorf("%d dead letters, the first is %s; want the one that is no event", len(dead), dead[0].Value)
			}
			var handled int
			const query = "SELECT COUNT(*) FROM `once_keys` WHERE `once_key` = ?"
			if err := db.QueryRowContext(t.Context(), query, []byte(tt.consumer+"/e-1")).Scan(&handled); err != nil || handled != 1 {
				t.Errorf("the event was handled %d times (%v), want once", handled, err)
			}
			if paid, err := orders.Get(t.Context(), unpaid.ID); err != nil || paid.State != order.StatePaid || paid.Version != 2 {
				t.Errorf("the order is %+v (%v), want it paid at version 2", paid, err)
			}
		})
	}
}

// runConsumer runs one of the service's consumers until the test ends.
func runConsumer(t *testing.T, cfg kafka.Config, name string, use events.UseCases) {
	t.Helper()
	client := kafkatest.Open(t, cfg, "orders")
	for _, s := range events.Subscriptions(use) {
		if s.Consumer != name {
			continue
		}
		consumer := client.NewConsumer(s)
		ended := make(chan error, 1)
		go func() { ended <- consumer.Run(context.WithoutCancel(t.Context())) }()
		t.Cleanup(func() {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 30*time.Second)
			defer cancel()
			if err := consumer.Shutdown(ctx); err != nil {
				t.Errorf("shutdown: %v", err)
			}
			if err := <-ended; err != nil {
				t.Errorf("consumer: %v", err)
			}
		})
	}
}
