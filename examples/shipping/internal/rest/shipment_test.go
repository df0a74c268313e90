package rest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/acme/shipping/internal/rest"
	"github.com/acme/shipping/internal/shipment"
	"github.com/acme/shipping/internal/shipment/shipmenttest"
)

const (
	shipmentBody = `{
		"order_id": "0190a6c2-7b1e-7d3a-9f00-000000000001"
	}`
)

var shipmentTime = time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.UTC)

// newShipmentAPI returns an API whose clock stands one hour after the given shipments were created, and a little
// that no store keeps.
func newShipmentAPI(t testing.TB, shipments ...shipment.Shipment) api {
	t.Helper()
	now := func() time.Time {
		return shipmentTime.Add(time.Hour + 999*time.Nanosecond)
	}
	return newAPI(t, rest.UseCases{Shipments: shipment.NewService(shipmenttest.NewStore(shipments...), now)})
}

func shipmentPath(sh shipment.Shipment) string {
	return "/v1/shipments/" + sh.ID.String()
}

func TestCreateShipment(t *testing.T) {
	api := newShipmentAPI(t)

	got := api.do(t, http.MethodPost, "/v1/shipments", shipmentBody)
	got.wantStatus(t, http.StatusCreated)
	if etag := got.header.Get("ETag"); etag != `"1"` {
		t.Errorf("ETag %s, want %q", etag, `"1"`)
	}
	want := object(t, shipmentBody)
	want["id"] = got.body["id"]
	want["state"] = value(t, "\"pending\"")
	want["created_at"] = "2026-01-02T04:04:05.000006Z"
	want["updated_at"] = "2026-01-02T04:04:05.000006Z"
	want["version"] = "1"
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Errorf("created shipment (-want +got):\n%s", diff)
	}
	again := api.do(t, http.MethodGet, got.header.Get("Location"), "")
	if diff := cmp.Diff(got.body, again.body); diff != "" {
		t.Errorf("shipment at Location (-created +got):\n%s", diff)
	}
}

func TestCreateShipmentRefuses(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
		violation  string
	}{
		{"no order_id", `{}`, http.StatusUnprocessableEntity, "order_id: required"},
		{"order_id null", `{"order_id": null}`, http.StatusUnprocessableEntity, "order_id: required"},
		{"order_id of a wrong type", `{"order_id": "not a UUID"}`, http.StatusBadRequest, "order_id: type"},
		{"state from the client", `{"state": "pending"}`, http.StatusUnprocessableEntity, "state: output_only"},
		{"an id", `{"id": "0190a6c2-7b1e-7d3a-9f00-000000000001"}`, http.StatusUnprocessableEntity, "id: output_only"},
		{"an unknown field", `{"no_such_field": 1}`, http.StatusBadRequest, "no_such_field: unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			newShipmentAPI(t).do(t, http.MethodPost, "/v1/shipments", tt.body).wantProblem(t, tt.status, tt.violation)
		})
	}
}

func TestCreateShipmentOnce(t *testing.T) {
	api := newShipmentAPI(t)
	const key = "Idempotency-Key: 7c9e"

	first := api.do(t, http.MethodPost, "/v1/shipments", shipmentBody, key)
	first.wantStatus(t, http.StatusCreated)
	second := api.do(t, http.MethodPost, "/v1/shipments", shipmentBody, key)
	second.wantStatus(t, http.StatusCreated)
	if diff := cmp.Diff(first.body, second.body); diff != "" {
		t.Errorf("second answer (-first +second):\n%s", diff)
	}
	api.do(t, http.MethodPost, "/v1/shipments", `{"order_id": "0190a6c2-7b1e-7d3a-9f00-000000000002"}`, key).wantProblem(t, http.StatusUnprocessableEntity)
}

func TestCreateShipmentWithOrderIDTaken(t *testing.T) {
	sh := shipmenttest.Shipment(shipmentTime)
	newShipmentAPI(t, sh).do(t, http.MethodPost, "/v1/shipments", shipmentBody).
		wantProblem(t, http.StatusConflict)
}

func TestGetShipment(t *testing.T) {
	sh := shipmenttest.Shipment(shipmentTime)
	api := newShipmentAPI(t, sh)

	got := api.do(t, http.MethodGet, shipmentPath(sh), "")
	got.wantStatus(t, http.StatusOK)
	if got.body["id"] != sh.ID.String() || got.header.Get("ETag") != `"1"` {
		t.Errorf("id %v with ETag %s, want %s with %q", got.body["id"], got.header.Get("ETag"), sh.ID, `"1"`)
	}
	api.do(t, http.MethodGet, "/v1/shipments/"+uuid.NewString(), "").wantProblem(t, http.StatusNotFound)
	api.do(t, http.MethodGet, "/v1/shipments/1", "").wantProblem(t, http.StatusBadRequest, "id: type")
}

func BenchmarkGetShipment(b *testing.B) {
	sh := shipmenttest.Shipment(shipmentTime)
	server := newShipmentAPI(b, sh).server
	request := httptest.NewRequestWithContext(b.Context(), http.MethodGet, shipmentPath(sh), http.NoBody)
	b.ReportAllocs()
	for b.Loop() {
		server.ServeHTTP(httptest.NewRecorder(), request)
	}
}

func TestBookShipment(t *testing.T) {
	sh := shipmenttest.Shipment(shipmentTime)
	sh.State = shipment.StatePending
	api := newShipmentAPI(t, sh)
	const key = "Idempotency-Key: 7c9e"

	api.do(t, http.MethodPost, shipmentPath(sh)+"/book", "", `If-Match: "7"`).wantProblem(t, http.StatusPreconditionFailed)
	first := api.do(t, http.MethodPost, shipmentPath(sh)+"/book", "", key)
	first.wantStatus(t, http.StatusOK)
	for field, want := range object(t, `{"state": "booked", "version": "2"}`) {
		if diff := cmp.Diff(want, first.body[field]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", field, diff)
		}
	}
	second := api.do(t, http.MethodPost, shipmentPath(sh)+"/book", "", key)
	if diff := cmp.Diff(first.body, second.body); diff != "" {
		t.Errorf("second answer under the same key (-first +second):\n%s", diff)
	}
}

func TestBookShipmentInTheWrongState(t *testing.T) {
	sh := shipmenttest.Shipment(shipmentTime)
	sh.State = shipment.StateBooked
	newShipmentAPI(t, sh).do(t, http.MethodPost, shipmentPath(sh)+"/book", "").wantProblem(t, http.StatusConflict)
}

func TestAbortShipment(t *testing.T) {
	sh := shipmenttest.Shipment(shipmentTime)
	sh.State = shipment.StatePending
	api := newShipmentAPI(t, sh)
	const key = "Idempotency-Key: 7c9e"

	api.do(t, http.MethodPost, shipmentPath(sh)+"/abort", "", `If-Match: "7"`).wantProblem(t, http.StatusPreconditionFailed)
	first := api.do(t, http.MethodPost, shipmentPath(sh)+"/abort", "", key)
	first.wantStatus(t, http.StatusOK)
	for field, want := range object(t, `{"state": "failed", "version": "2"}`) {
		if diff := cmp.Diff(want, first.body[field]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", field, diff)
		}
	}
	second := api.do(t, http.MethodPost, shipmentPath(sh)+"/abort", "", key)
	if diff := cmp.Diff(first.body, second.body); diff != "" {
		t.Errorf("second answer under the same key (-first +second):\n%s", diff)
	}
}

func TestAbortShipmentInTheWrongState(t *testing.T) {
	sh := shipmenttest.Shipment(shipmentTime)
	sh.State = shipment.StateBooked
	newShipmentAPI(t, sh).do(t, http.MethodPost, shipmentPath(sh)+"/abort", "").wantProblem(t, http.StatusConflict)
}

func TestListShipments(t *testing.T) {
	var shipments []shipment.Shipment
	for i := range 5 {
		sh := shipmenttest.Shipment(shipmentTime.Add(time.Duration(i) * time.Second))
		sh.ID = uuid.New()
		shipments = append(shipments, sh)
	}
	api := newShipmentAPI(t, shipments...)

	tests := []struct {
		orderBy string
		want    []int
	}{
		{"", []int{0, 1, 2, 3, 4}},
		{"&order_by=created_at+desc", []int{4, 3, 2, 1, 0}},
		{"&order_by=updated_at", []int{0, 1, 2, 3, 4}},
	}
	for _, tt := range tests {
		t.Run(tt.orderBy, func(t *testing.T) {
			var want []string
			for _, i := range tt.want {
				want = append(want, shipments[i].ID.String())
			}
			if diff := cmp.Diff(want, api.listShipments(t, "page_size=2"+tt.orderBy)); diff != "" {
				t.Errorf("ids over all pages (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListShipmentsWithoutAny(t *testing.T) {
	if got := newShipmentAPI(t).listShipments(t, "page_size=2"); len(got) != 0 {
		t.Errorf("ids %v, want none", got)
	}
}

func TestListShipmentsFilters(t *testing.T) {
	tests := []struct {
		name, query string
		change      func(*shipment.Shipment)
	}{
		{"order_id", "order_id=" + url.QueryEscape("0190a6c2-7b1e-7d3a-9f00-000000000001"), func(sh *shipment.Shipment) {
			sh.OrderID = uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000002")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sh, other := shipmenttest.Shipment(shipmentTime), shipmenttest.Shipment(shipmentTime)
			other.ID = uuid.New()
			tt.change(&other)
			api := newShipmentAPI(t, sh, other)
			if diff := cmp.Diff([]string{sh.ID.String()}, api.listShipments(t, tt.query)); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListShipmentsRefuses(t *testing.T) {
	tests := []struct{ query, violation string }{
		{"page_size=x", "page_size: type"},
		{"page_token=x", "page_token: token"},
		{"order_by=no_such_field", "order_by: order"},
		{"no_such_parameter=1", "no_such_parameter: unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) {
			newShipmentAPI(t).do(t, http.MethodGet, "/v1/shipments?"+tt.query, "").wantProblem(t, http.StatusBadRequest, tt.violation)
		})
	}
}

// listShipments follows the list to its last page and returns the ids.
func (a api) listShipments(t *testing.T, query string) []string {
	t.Helper()
	token := ""
	ids := []string{}
	for range 10 {
		page := a.do(t, http.MethodGet, "/v1/shipments?"+query+"&page_token="+token, "")
		page.wantStatus(t, http.StatusOK)
		shipments, ok := page.body["shipments"].([]any)
		if !ok {
			t.Fatalf("body %v, want an array of shipments", page.body)
		}
		for _, element := range shipments {
			if sh, ok := element.(map[string]any); ok {
				ids = append(ids, fmt.Sprint(sh["id"]))
			}
		}
		if token, _ = page.body["next_page_token"].(string); token == "" {
			return ids
		}
	}
	t.Fatalf("the list has no end: %v", ids)
	return nil
}
