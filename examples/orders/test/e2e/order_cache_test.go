package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

func TestCachedOrder(t *testing.T) {
	s := prepare(t)
	// A worker could change what the test has made.
	s.serve(t, "-role", "api")
	created := s.do(t, http.MethodPost, "/v1/orders", `{"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000001", "total": "1.25"}`)
	created.want(t, http.StatusCreated)
	path := created.header.Get("Location")
	for range 3 {
		got := s.do(t, http.MethodGet, path, "")
		got.want(t, http.StatusOK)
		if diff := cmp.Diff(created.body, got.body); diff != "" {
			t.Errorf("order (-created +got):\n%s", diff)
		}
	}
	if _, metrics := s.probe(t, "/metrics"); !strings.Contains(metrics, `cache_requests_total{cache="order",outcome="hit"} 2`) {
		t.Error("the second and the third answer did not come from the cache")
	}
	changed := s.do(t, http.MethodPut, path, `{"total": "2.50"}`, "If-Match: "+created.header.Get("ETag"))
	changed.want(t, http.StatusOK)
	if diff := cmp.Diff(changed.body, s.do(t, http.MethodGet, path, "").body); diff != "" {
		t.Errorf("order after a change (-changed +got):\n%s", diff)
	}
	s.do(t, http.MethodDelete, path, "").want(t, http.StatusNoContent)
	s.do(t, http.MethodGet, path, "").want(t, http.StatusNotFound)
}

func TestOrderWithoutRedis(t *testing.T) {
	s := start(t, "CACHE_REDIS_ADDR="+freeAddrs(t, 1)[0])
	created := s.do(t, http.MethodPost, "/v1/orders", `{"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000001", "total": "1.25"}`)
	created.want(t, http.StatusCreated)
	path := created.header.Get("Location")
	for range 20 {
		s.do(t, http.MethodGet, path, "").want(t, http.StatusOK)
		s.do(t, http.MethodGet, "/v1/orders/"+uuid.NewString(), "").want(t, http.StatusNotFound)
	}
	_, metrics := s.probe(t, "/metrics")
	for _, outcome := range []string{"error", "bypass"} {
		if series := `cache_requests_total{cache="order",outcome="` + outcome + `"} `; !strings.Contains(metrics, series) || strings.Contains(metrics, series+"0") {
			t.Errorf("the metrics count no %s", outcome)
		}
	}
}
