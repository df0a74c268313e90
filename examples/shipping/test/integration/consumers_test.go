package integration_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/acme/shipping/internal/events"
	"github.com/acme/shipping/internal/platform/kafka"
	"github.com/acme/shipping/internal/platform/kafkatest"
	"github.com/acme/shipping/internal/platform/mysqltest"
	"github.com/acme/shipping/internal/shipment"
	"github.com/acme/shipping/internal/store"
	"github.com/acme/shipping/migrations"
)

func TestConsumersHandleAnEventOnce(t *testing.T) {
	tests := []struct{ consumer, topic, deadLetters, eventType string }{
		{"order-created", "orders.order.v1", "orders.order.v1.shipping.order-created.dlq", "orders.order.created.v1"},
	}
	for _, tt := range tests {
		t.Run(tt.consumer, func(t *testing.T) {
			cfg := kafkatest.Config(t)
			kafkatest.Create(t, cfg, events.Topics()...)
			order := uuid.New()
			event := kafka.Event{ID: "e-1", Source: "/test", Type: tt.eventType, Subject: order.String(), Data: json.RawMessage(`{"id":"` + order.String() + `"}`)}
			kafkatest.Publish(t, cfg, tt.topic, event, event)
			kafkatest.Write(t, cfg, &kgo.Record{Topic: cfg.TopicPrefix + tt.topic, Key: []byte("a-1"), Value: []byte("no event")})

			db := mysqltest.Open(t, migrations.Files)
			shipments := shipment.NewService(store.NewShipments(db), func() time.Time { return time.Now().UTC() })
			runConsumer(t, cfg, tt.consumer, events.UseCases{Shipments: shipments})
			dead := kafkatest.Read(t, cfg, tt.deadLetters, 1)
			if len(dead) != 1 || string(dead[0].Value) != "no event" {
				t.Errorf("%d dead letters, the first is %s; want the one that is no event", len(dead), dead[0].Value)
			}
			var handled int
			const query = "SELECT COUNT(*) FROM `once_keys` WHERE `once_key` = ?"
			if err := db.QueryRowContext(t.Context(), query, []byte(tt.consumer+"/e-1")).Scan(&handled); err != nil || handled != 1 {
				t.Errorf("the event was handled %d times (%v), want once", handled, err)
			}
			made, err := shipments.List(t.Context(), shipment.Query{SortBy: shipment.SortByCreatedAt, Limit: 10})
			if err != nil || len(made) != 1 || made[0].OrderID != order {
				t.Errorf("shipments %+v (%v), want one of the order %s", made, err, order)
			}
		})
	}
}

// runConsumer runs one of the service's consumers until the test ends.
func runConsumer(t *testing.T, cfg kafka.Config, name string, use events.UseCases) {
	t.Helper()
	client := kafkatest.Open(t, cfg, "shipping")
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
