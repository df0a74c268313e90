package e2e_test

import (
	"net/http"
	"testing"

	"github.com/acme/orders/internal/platform/kafkatest"
	"github.com/acme/orders/internal/platform/otlptest"
)

func TestOrderEventIsPublished(t *testing.T) {
	collector := otlptest.Start(t)
	s := start(t, collector.Environment()...)
	created := s.do(t, http.MethodPost, "/v1/orders", `{"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000001", "total": "1.25"}`)
	created.want(t, http.StatusCreated)
	cfg := kafkatest.ConfigOf(t, s.environ)
	event := kafkatest.Events(t, cfg, "orders.order.v1", 1)[0]
	if event.Type != "orders.order.created.v1" || event.Subject != created.body["id"] || event.Version != 1 {
		t.Errorf("event %+v, want that of %v", event, created.body["id"])
	}
	otlptest.WantPath(t, collector.Spans, "orders: POST /v1/orders", "orders: send "+cfg.TopicPrefix+"orders.order.v1")
}
