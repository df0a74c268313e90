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

	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/order/ordertest"
	"github.com/acme/orders/internal/rest"
)

const (
	orderBody = `{
		"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000001",
		"product_id": "0190a6c2-7b1e-7d3a-9f00-000000000001",
		"email": "email 1",
		"total": "1.25",
		"note": "note 1"
	}`
	otherOrderBody = `{
		"email": "email 2",
		"total": "2.50",
		"note": "note 2"
	}`
)

var orderTime = time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.UTC)

// newOrderAPI returns an API whose clock stands one hour after the given orders were created, and a little
// that no store keeps.
func newOrderAPI(t testing.TB, orders ...order.Order) api {
	t.Helper()
	now := func() time.Time {
		return orderTime.Add(time.Hour + 999*time.Nanosecond)
	}
	return newAPI(t, rest.UseCases{Orders: order.NewService(ordertest.NewStore(orders...), ordertest.Announce, now)})
}

func orderPath(o order.Order) string {
	return "/v1/orders/" + o.ID.String()
}

func TestCreateOrder(t *testing.T) {
	api := newOrderAPI(t)

	got := api.do(t, http.MethodPost, "/v1/orders", orderBody)
	got.wantStatus(t, http.StatusCreated)
	if etag := got.header.Get("ETag"); etag != `"1"` {
		t.Errorf("ETag %s, want %q", etag, `"1"`)
	}
	want := object(t, orderBody)
	want["id"] = got.body["id"]
	want["state"] = value(t, "\"pending\"")
	want["created_at"] = "2026-01-02T04:04:05.000006Z"
	want["updated_at"] = "2026-01-02T04:04:05.000006Z"
	want["version"] = "1"
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Errorf("created order (-want +got):\n%s", diff)
	}
	again := api.do(t, http.MethodGet, got.header.Get("Location"), "")
	if diff := cmp.Diff(got.body, again.body); diff != "" {
		t.Errorf("order at Location (-created +got):\n%s", diff)
	}
}

func TestCreateOrderRefuses(t *testing.T) {
	tests := []struct {
		name, body string
		status     int
		violation  string
	}{
		{"no customer_id", `{}`, http.StatusUnprocessableEntity, "customer_id: required"},
		{"customer_id null", `{"customer_id": null}`, http.StatusUnprocessableEntity, "customer_id: required"},
		{"customer_id of a wrong type", `{"customer_id": "not a UUID"}`, http.StatusBadRequest, "customer_id: type"},
		{"product_id of a wrong type", `{"product_id": "not a UUID"}`, http.StatusBadRequest, "product_id: type"},
		{"email of a wrong type", `{"email": 1}`, http.StatusBadRequest, "email: type"},
		{"no total", `{}`, http.StatusUnprocessableEntity, "total: required"},
		{"total null", `{"total": null}`, http.StatusUnprocessableEntity, "total: required"},
		{"total of a wrong type", `{"total": true}`, http.StatusBadRequest, "total: type"},
		{"note of a wrong type", `{"note": 1}`, http.StatusBadRequest, "note: type"},
		{"state from the client", `{"state": "pending"}`, http.StatusUnprocessableEntity, "state: output_only"},
		{"an id", `{"id": "0190a6c2-7b1e-7d3a-9f00-000000000001"}`, http.StatusUnprocessableEntity, "id: output_only"},
		{"an unknown field", `{"no_such_field": 1}`, http.StatusBadRequest, "no_such_field: unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			newOrderAPI(t).do(t, http.MethodPost, "/v1/orders", tt.body).wantProblem(t, tt.status, tt.violation)
		})
	}
}

func TestCreateOrderOnce(t *testing.T) {
	api := newOrderAPI(t)
	const key = "Idempotency-Key: 7c9e"

	first := api.do(t, http.MethodPost, "/v1/orders", orderBody, key)
	first.wantStatus(t, http.StatusCreated)
	second := api.do(t, http.MethodPost, "/v1/orders", orderBody, key)
	second.wantStatus(t, http.StatusCreated)
	if diff := cmp.Diff(first.body, second.body); diff != "" {
		t.Errorf("second answer (-first +second):\n%s", diff)
	}
	api.do(t, http.MethodPost, "/v1/orders", `{"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000002", "product_id": "0190a6c2-7b1e-7d3a-9f00-000000000002", "email": "email 2", "total": "2.50", "note": "note 2"}`, key).wantProblem(t, http.StatusUnprocessableEntity)
	if other := api.do(t, http.MethodPost, "/v1/orders", orderBody, "Idempotency-Key: 11aa"); other.body["id"] == first.body["id"] {
		t.Error("another key gave the same order")
	}
}

func TestGetOrder(t *testing.T) {
	o := ordertest.Order(orderTime)
	api := newOrderAPI(t, o)

	got := api.do(t, http.MethodGet, orderPath(o), "")
	got.wantStatus(t, http.StatusOK)
	if got.body["id"] != o.ID.String() || got.header.Get("ETag") != `"1"` {
		t.Errorf("id %v with ETag %s, want %s with %q", got.body["id"], got.header.Get("ETag"), o.ID, `"1"`)
	}
	api.do(t, http.MethodGet, "/v1/orders/"+uuid.NewString(), "").wantProblem(t, http.StatusNotFound)
	api.do(t, http.MethodGet, "/v1/orders/1", "").wantProblem(t, http.StatusBadRequest, "id: type")
}

func BenchmarkGetOrder(b *testing.B) {
	o := ordertest.Order(orderTime)
	server := newOrderAPI(b, o).server
	request := httptest.NewRequestWithContext(b.Context(), http.MethodGet, orderPath(o), http.NoBody)
	b.ReportAllocs()
	for b.Loop() {
		server.ServeHTTP(httptest.NewRecorder(), request)
	}
}

func TestReplaceOrder(t *testing.T) {
	o := ordertest.Order(orderTime)
	api := newOrderAPI(t, o)

	got := api.do(t, http.MethodPut, orderPath(o), otherOrderBody, `If-Match: "1"`)
	got.wantStatus(t, http.StatusOK)
	want := object(t, otherOrderBody)
	want["id"] = o.ID.String()
	want["customer_id"] = object(t, orderBody)["customer_id"]
	want["product_id"] = object(t, orderBody)["product_id"]
	want["state"] = value(t, "\"pending\"")
	want["created_at"] = "2026-01-02T03:04:05.000006Z"
	want["updated_at"] = "2026-01-02T04:04:05.000006Z"
	want["version"] = "2"
	if diff := cmp.Diff(want, got.body); diff != "" {
		t.Errorf("replaced order (-want +got):\n%s", diff)
	}
	if etag := got.header.Get("ETag"); etag != `"2"` {
		t.Errorf("ETag %s, want %q", etag, `"2"`)
	}
}

func TestReplaceOrderClearsTheRest(t *testing.T) {
	o := ordertest.Order(orderTime)
	got := newOrderAPI(t, o).do(t, http.MethodPut, orderPath(o), `{"total": "2.50"}`, `If-Match: "1"`)
	got.wantStatus(t, http.StatusOK)
	for _, field := range []string{"email", "note"} {
		if got.body[field] != nil {
			t.Errorf("%s is %v after a replacement without it, want null", field, got.body[field])
		}
	}
}

func TestPatchOrder(t *testing.T) {
	tests := []struct {
		field, value string
	}{
		{"email", `"email 2"`},
		{"email", `null`},
		{"total", `"2.50"`},
		{"note", `"note 2"`},
		{"note", `null`},
	}
	for _, tt := range tests {
		t.Run(tt.field+" "+tt.value, func(t *testing.T) {
			o := ordertest.Order(orderTime)
			api := newOrderAPI(t, o)
			patch := fmt.Sprintf(`{%q: %s}`, tt.field, tt.value)

			got := api.do(t, http.MethodPatch, orderPath(o), patch, `If-Match: "1"`, "Content-Type: application/merge-patch+json")
			got.wantStatus(t, http.StatusOK)
			want := object(t, orderBody)
			want["id"] = o.ID.String()
			want["state"] = value(t, "\"pending\"")
			want[tt.field] = object(t, patch)[tt.field]
			want["created_at"] = "2026-01-02T03:04:05.000006Z"
			want["updated_at"] = "2026-01-02T04:04:05.000006Z"
			want["version"] = "2"
			if diff := cmp.Diff(want, got.body); diff != "" {
				t.Errorf("patched order (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUpdateOrderRefuses(t *testing.T) {
	tests := []struct {
		name, method, body, ifMatch string
		status                      int
		violations                  []string
	}{
		{"PUT without a version", http.MethodPut, otherOrderBody, "", http.StatusPreconditionRequired, nil},
		{"PATCH without a version", http.MethodPatch, otherOrderBody, "", http.StatusPreconditionRequired, nil},
		{"PUT of an old version", http.MethodPut, otherOrderBody, `"7"`, http.StatusPreconditionFailed, nil},
		{"PATCH of an old version", http.MethodPatch, otherOrderBody, `"7"`, http.StatusPreconditionFailed, nil},
		{"PATCH of an unknown field", http.MethodPatch, `{"no_such_field": 1}`, `"1"`, http.StatusBadRequest, []string{"no_such_field: unknown"}},
		{"another customer_id", http.MethodPatch, `{"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000002"}`, `"1"`, http.StatusUnprocessableEntity, []string{"customer_id: immutable"}},
		{"another product_id", http.MethodPatch, `{"product_id": "0190a6c2-7b1e-7d3a-9f00-000000000002"}`, `"1"`, http.StatusUnprocessableEntity, []string{"product_id: immutable"}},
		{"no total", http.MethodPut, `{}`, `"1"`, http.StatusUnprocessableEntity, []string{"total: required"}},
		{"total removed", http.MethodPatch, `{"total": null}`, `"1"`, http.StatusUnprocessableEntity, []string{"total: required"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := ordertest.Order(orderTime)
			api := newOrderAPI(t, o)
			api.do(t, tt.method, orderPath(o), tt.body, "If-Match: "+tt.ifMatch).wantProblem(t, tt.status, tt.violations...)
			if got := api.do(t, http.MethodGet, orderPath(o), ""); got.body["version"] != "1" {
				t.Errorf("a refused request made version %v", got.body["version"])
			}
		})
	}
}

func TestDeleteOrder(t *testing.T) {
	o := ordertest.Order(orderTime)
	api := newOrderAPI(t, o)

	api.do(t, http.MethodDelete, orderPath(o), "", `If-Match: "7"`).wantProblem(t, http.StatusPreconditionFailed)
	api.do(t, http.MethodDelete, orderPath(o), "", `If-Match: "1"`).wantStatus(t, http.StatusNoContent)
	api.do(t, http.MethodDelete, orderPath(o), "").wantProblem(t, http.StatusNotFound)
}

func TestPayOrder(t *testing.T) {
	o := ordertest.Order(orderTime)
	o.State = order.StatePending
	api := newOrderAPI(t, o)
	const key = "Idempotency-Key: 7c9e"

	api.do(t, http.MethodPost, orderPath(o)+"/pay", "", `If-Match: "7"`).wantProblem(t, http.StatusPreconditionFailed)
	first := api.do(t, http.MethodPost, orderPath(o)+"/pay", "", key)
	first.wantStatus(t, http.StatusOK)
	for field, want := range object(t, `{"state": "paid", "version": "2"}`) {
		if diff := cmp.Diff(want, first.body[field]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", field, diff)
		}
	}
	second := api.do(t, http.MethodPost, orderPath(o)+"/pay", "", key)
	if diff := cmp.Diff(first.body, second.body); diff != "" {
		t.Errorf("second answer under the same key (-first +second):\n%s", diff)
	}
}

func TestPayOrderInTheWrongState(t *testing.T) {
	o := ordertest.Order(orderTime)
	o.State = order.StatePaid
	newOrderAPI(t, o).do(t, http.MethodPost, orderPath(o)+"/pay", "").wantProblem(t, http.StatusConflict)
}

func TestCancelOrder(t *testing.T) {
	o := ordertest.Order(orderTime)
	o.State = order.StatePending
	api := newOrderAPI(t, o)
	const key = "Idempotency-Key: 7c9e"

	api.do(t, http.MethodPost, orderPath(o)+"/cancel", "", `If-Match: "7"`).wantProblem(t, http.StatusPreconditionFailed)
	first := api.do(t, http.MethodPost, orderPath(o)+"/cancel", "", key)
	first.wantStatus(t, http.StatusOK)
	for field, want := range object(t, `{"state": "cancelled", "version": "2"}`) {
		if diff := cmp.Diff(want, first.body[field]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", field, diff)
		}
	}
	second := api.do(t, http.MethodPost, orderPath(o)+"/cancel", "", key)
	if diff := cmp.Diff(first.body, second.body); diff != "" {
		t.Errorf("second answer under the same key (-first +second):\n%s", diff)
	}
}

func TestCancelOrderInTheWrongState(t *testing.T) {
	o := ordertest.Order(orderTime)
	o.State = order.StateShipped
	newOrderAPI(t, o).do(t, http.MethodPost, orderPath(o)+"/cancel", "").wantProblem(t, http.StatusConflict)
}

func TestListOrders(t *testing.T) {
	var orders []order.Order
	for i := range 5 {
		o := ordertest.Order(orderTime.Add(time.Duration(i) * time.Second))
		o.ID = uuid.New()
		orders = append(orders, o)
	}
	api := newOrderAPI(t, orders...)

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
				want = append(want, orders[i].ID.String())
			}
			if diff := cmp.Diff(want, api.listOrders(t, "page_size=2"+tt.orderBy)); diff != "" {
				t.Errorf("ids over all pages (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListOrdersWithoutAny(t *testing.T) {
	if got := newOrderAPI(t).listOrders(t, "page_size=2"); len(got) != 0 {
		t.Errorf("ids %v, want none", got)
	}
}

func TestListOrdersFilters(t *testing.T) {
	tests := []struct {
		name, query string
		change      func(*order.Order)
	}{
		{"customer_id", "customer_id=" + url.QueryEscape("0190a6c2-7b1e-7d3a-9f00-000000000001"), func(o *order.Order) {
			o.CustomerID = uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000002")
		}},
		{"product_id", "product_id=" + url.QueryEscape("0190a6c2-7b1e-7d3a-9f00-000000000001"), func(o *order.Order) {
			o.ProductID = new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000002"))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o, other := ordertest.Order(orderTime), ordertest.Order(orderTime)
			other.ID = uuid.New()
			tt.change(&other)
			api := newOrderAPI(t, o, other)
			if diff := cmp.Diff([]string{o.ID.String()}, api.listOrders(t, tt.query)); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListOrdersRefuses(t *testing.T) {
	tests := []struct{ query, violation string }{
		{"page_size=x", "page_size: type"},
		{"page_token=x", "page_token: token"},
		{"order_by=no_such_field", "order_by: order"},
		{"no_such_parameter=1", "no_such_parameter: unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.query, func(t *testing.T) {
			newOrderAPI(t).do(t, http.MethodGet, "/v1/orders?"+tt.query, "").wantProblem(t, http.StatusBadRequest, tt.violation)
		})
	}
}

// listOrders follows the list to its last page and returns the ids.
func (a api) listOrders(t *testing.T, query string) []string {
	t.Helper()
	token := ""
	ids := []string{}
	for range 10 {
		page := a.do(t, http.MethodGet, "/v1/orders?"+query+"&page_token="+token, "")
		page.wantStatus(t, http.StatusOK)
		orders, ok := page.body["orders"].([]any)
		if !ok {
			t.Fatalf("body %v, want an array of orders", page.body)
		}
		for _, element := range orders {
			if o, ok := element.(map[string]any); ok {
				ids = append(ids, fmt.Sprint(o["id"]))
			}
		}
		if token, _ = page.body["next_page_token"].(string); token == "" {
			return ids
		}
	}
	t.Fatalf("the list has no end: %v", ids)
	return nil
}
