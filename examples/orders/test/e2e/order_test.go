package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/acme/orders/internal/platform/otlptest"
)

func TestOrder(t *testing.T) {
	collector := otlptest.Start(t)
	s := prepare(t)
	s.environ = append(s.environ, collector.Environment()...)
	// A worker could change what the test has made.
	s.serve(t, "-role", "api")
	created := s.do(t, http.MethodPost, "/v1/orders", `{"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000001", "total": "1.25"}`, "Idempotency-Key: e2e")
	created.want(t, http.StatusCreated)
	otlptest.WantPath(t, collector.Spans, "orders: POST /v1/orders", "orders: INSERT orders")
	path := created.header.Get("Location")
	if again := s.do(t, http.MethodPost, "/v1/orders", `{"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000001", "total": "1.25"}`, "Idempotency-Key: e2e"); again.header.Get("Location") != path {
		t.Errorf("the same request under the same key created %s and %s", path, again.header.Get("Location"))
	}
	got := s.do(t, http.MethodGet, path, "")
	got.want(t, http.StatusOK)
	if diff := cmp.Diff(created.body, got.body); diff != "" {
		t.Errorf("order (-created +got):\n%s", diff)
	}
	changed := s.do(t, http.MethodPut, path, `{"total": "2.50"}`, "If-Match: "+created.header.Get("ETag"))
	changed.want(t, http.StatusOK)
	s.do(t, http.MethodPut, path, `{"total": "2.50"}`, "If-Match: "+created.header.Get("ETag")).want(t, http.StatusPreconditionFailed)
	list := s.do(t, http.MethodGet, "/v1/orders?page_size=1", "")
	list.want(t, http.StatusOK)
	if orders, ok := list.body["orders"].([]any); !ok || len(orders) != 1 {
		t.Errorf("list %v, want one order", list.body)
	}
	s.do(t, http.MethodDelete, path, "").want(t, http.StatusNoContent)
	s.do(t, http.MethodDelete, path, "").want(t, http.StatusNotFound)
	if _, metrics := s.probe(t, "/metrics"); !strings.Contains(metrics, `http_route="/v1/orders"`) {
		t.Error("the metrics do not know the route /v1/orders")
	}
}
