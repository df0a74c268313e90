package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/acme/shipping/internal/platform/otlptest"
)

func TestShipment(t *testing.T) {
	collector := otlptest.Start(t)
	s := prepare(t)
	s.environ = append(s.environ, collector.Environment()...)
	// A worker could change what the test has made.
	s.serve(t, "-role", "api")
	created := s.do(t, http.MethodPost, "/v1/shipments", `{"order_id": "0190a6c2-7b1e-7d3a-9f00-000000000001"}`, "Idempotency-Key: e2e")
	created.want(t, http.StatusCreated)
	otlptest.WantPath(t, collector.Spans, "shipping: POST /v1/shipments", "shipping: INSERT shipments")
	path := created.header.Get("Location")
	if again := s.do(t, http.MethodPost, "/v1/shipments", `{"order_id": "0190a6c2-7b1e-7d3a-9f00-000000000001"}`, "Idempotency-Key: e2e"); again.header.Get("Location") != path {
		t.Errorf("the same request under the same key created %s and %s", path, again.header.Get("Location"))
	}
	got := s.do(t, http.MethodGet, path, "")
	got.want(t, http.StatusOK)
	if diff := cmp.Diff(created.body, got.body); diff != "" {
		t.Errorf("shipment (-created +got):\n%s", diff)
	}
	list := s.do(t, http.MethodGet, "/v1/shipments?page_size=1", "")
	list.want(t, http.StatusOK)
	if shipments, ok := list.body["shipments"].([]any); !ok || len(shipments) != 1 {
		t.Errorf("list %v, want one shipment", list.body)
	}
	if _, metrics := s.probe(t, "/metrics"); !strings.Contains(metrics, `http_route="/v1/shipments"`) {
		t.Error("the metrics do not know the route /v1/shipments")
	}
}
