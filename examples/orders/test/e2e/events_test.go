package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/acme/orders/internal/platform/config"
	"github.com/acme/orders/internal/platform/kafka"
	"github.com/acme/orders/internal/platform/kafkatest"
)

// kafkaOf returns the service's way to its topics.
func kafkaOf(t *testing.T, s *service) kafka.Config {
	t.Helper()
	var loaded struct{ Kafka kafka.Config }
	if err := config.Load(&loaded, s.environ); err != nil {
		t.Fatal(err)
	}
	return loaded.Kafka
}

func TestOrderEventIsPublished(t *testing.T) {
	s := start(t)
	created := s.do(t, http.MethodPost, "/v1/orders", `{"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000001", "total": "1.25"}`)
	created.want(t, http.StatusCreated)
	event := kafkatest.Events(t, kafkaOf(t, s), "orders.order.v1", 1)[0]
	if event.Type != "orders.order.created.v1" || event.Subject != created.body["id"] || event.Version != 1 {
		t.Errorf("event %+v, want that of %v", event, created.body["id"])
	}
}

func TestDeadLettersAreReplayed(t *testing.T) {
	s := start(t)
	cfg := kafkaOf(t, s)
	kafkatest.Write(t, cfg, &kgo.Record{Topic: cfg.TopicPrefix + "payments.payment.v1", Value: []byte("no event")})
	kafkatest.Read(t, cfg, "payments.payment.v1.orders.payment-captured.dlq", 1)

	text, err := s.command(t.Context(), "replay", "-consumer", "payment-captured").CombinedOutput()
	if err != nil {
		t.Fatalf("replay: %v\n%s", err, text)
	}
	if !strings.Contains(string(text), `failed":1`) {
		t.Errorf("the replay of one record that is no event wrote:\n%s", text)
	}
	again := kafkatest.Read(t, cfg, "payments.payment.v1.orders.payment-captured.dlq", 2)[1]
	for _, header := range again.Headers {
		if header.Key == kafka.HeaderAttempts && string(header.Value) != "2" {
			t.Errorf("%s attempts after a replay, want 2", header.Value)
		}
	}
	s.wantFailure(t, nil, "replay", "-consumer", "nobody")
}
