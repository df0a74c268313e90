package e2e_test

import (
	"net/http"
	"testing"

	"github.com/acme/orders/internal/platform/kafkatest"
)

func TestOrderEventIsPublished(t *testing.T) {
	s := start(t)
	created := s.do(t, http.MethodPost, "/v1/orders", `{"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000001", "total": "1.25"}`)
	created.want(t, http.StatusCreated)
	event := kafkatest.Events(t, kafkatest.ConfigOf(t, s.environ), "orders.order.v1", 1)[0]
	if event.Type != "orders.order.created.v1" || event.Subject != created.body["id"] || event.Version != 1 {
		t.Errorf("event %+v, want that of %v", event, created.body["id"])
	}
}
