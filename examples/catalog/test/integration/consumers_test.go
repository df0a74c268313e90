package integration_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/acme/catalog/internal/events"
	"github.com/acme/catalog/internal/message"
	"github.com/acme/catalog/internal/platform/kafka"
	"github.com/acme/catalog/internal/platform/kafkatest"
	"github.com/acme/catalog/internal/platform/mongotest"
	"github.com/acme/catalog/internal/product"
	"github.com/acme/catalog/internal/product/producttest"
	"github.com/acme/catalog/internal/store"
	"github.com/acme/catalog/migrations"
)

func TestConsumersHandleAnEventOnce(t *testing.T) {
	tests := []struct{ consumer, topic, deadLetters, eventType string }{
		{"order-created", "orders.order.v1", "orders.order.v1.catalog.order-created.dlq", "orders.order.created.v1"},
	}
	for _, tt := range tests {
		t.Run(tt.consumer, func(t *testing.T) {
			cfg := kafkatest.Config(t)
			kafkatest.Create(t, cfg, events.Topics()...)
			order := uuid.New()
			event := kafka.Event{ID: "e-1", Source: "/test", Type: tt.eventType, Subject: order.String(), Data: json.RawMessage(`{"id":"` + order.String() + `"}`)}
			kafkatest.Publish(t, cfg, tt.topic, event, event)
			kafkatest.Write(t, cfg, &kgo.Record{Topic: cfg.TopicPrefix + tt.topic, Key: []byte("a-1"), Value: []byte("no event")})

			products := product.NewService(store.NewProducts(mongotest.Open(t, migrations.MongoDB())), func() time.Time { return time.Now().UTC() })
			made, err := products.Create(t.Context(), producttest.Details(), message.Unit{})
			if err != nil {
				t.Fatal(err)
			}
			runConsumer(t, cfg, tt.consumer, events.UseCases{Products: products, Orders: orderOf{product: made.ID}})
			dead := kafkatest.Read(t, cfg, tt.deadLetters, 1)
			if len(dead) != 1 || string(dead[0].Value) != "no event" {
				t.Errorf("%d dead letters, the first is %s; want the one that is no event", len(dead), dead[0].Value)
			}
			if got, err := products.Get(t.Context(), made.ID); err != nil || got.Ordered != 1 {
				t.Errorf("%d orders (%v), want one", got.Ordered, err)
			}
		})
	}
}

// orderOf is a service orders where every order is of one product.
type orderOf struct{ product uuid.UUID }

func (o orderOf) Product(context.Context, uuid.UUID) (uuid.UUID, bool, error) {
	return o.product, true, nil
}

// runConsumer runs one of the service's consumers until the test ends.
func runConsumer(t *testing.T, cfg kafka.Config, name string, use events.UseCases) {
	t.Helper()
	client := kafkatest.Open(t, cfg, "catalog")
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
