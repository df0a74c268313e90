package rpc_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	pb "github.com/acme/orders/api/proto/orders/v1"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/order/ordertest"
	"github.com/acme/orders/internal/rpc"
)

const (
	orderMessage = `{
		"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000001",
		"product_id": "0190a6c2-7b1e-7d3a-9f00-000000000001",
		"email": "email 1",
		"total": "1.25",
		"note": "note 1"
	}`
	otherOrderMessage = `{
		"email": "email 2",
		"total": "2.50",
		"note": "note 2"
	}`
)

var orderTime = time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.UTC)

// newOrderClient returns a client of an API whose clock stands one hour after the given orders were created, and
// a little that no store keeps.
func newOrderClient(t testing.TB, orders ...order.Order) pb.OrderServiceClient {
	t.Helper()
	now := func() time.Time {
		return orderTime.Add(time.Hour + 999*time.Nanosecond)
	}
	use := rpc.UseCases{Orders: order.NewService(ordertest.NewStore(orders...), ordertest.Announce, now)}
	return pb.NewOrderServiceClient(newAPI(t, use))
}

func TestCreateOrder(t *testing.T) {
	client := newOrderClient(t)

	created, err := client.CreateOrder(t.Context(), read(t, &pb.CreateOrderRequest{}, `{"order": `+orderMessage+`}`))
	if err != nil {
		t.Fatal(err)
	}
	want := object(t, orderMessage)
	want["id"] = created.GetId()
	want["state"] = object(t, "{\"state\": \"STATE_PENDING\"}")["state"]
	want["created_at"] = "2026-01-02T04:04:05.000006Z"
	want["updated_at"] = "2026-01-02T04:04:05.000006Z"
	want["version"] = "1"
	want["etag"] = `"1"`
	if diff := cmp.Diff(want, fields(t, created)); diff != "" {
		t.Errorf("created order (-want +got):\n%s", diff)
	}
	again, err := client.GetOrder(t.Context(), &pb.GetOrderRequest{Id: created.GetId()})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fields(t, created), fields(t, again)); diff != "" {
		t.Errorf("order that is kept (-created +got):\n%s", diff)
	}
}

func TestCreateOrderTakesNoWordForWhatTheServiceSets(t *testing.T) {
	message := read(t, &pb.Order{}, orderMessage)
	message.Id, message.Version, message.Etag = "0190a6c2-7b1e-7d3a-9f00-000000000001", 7, `"7"`
	message.State = read(t, &pb.Order{}, `{"state": "STATE_PAID"}`).State
	created, err := newOrderClient(t).CreateOrder(t.Context(), &pb.CreateOrderRequest{Order: message})
	if err != nil {
		t.Fatal(err)
	}
	if created.GetId() == message.GetId() || created.GetVersion() != 1 || created.GetEtag() != `"1"` {
		t.Errorf("id %s, version %d, etag %s are the caller's", created.GetId(), created.GetVersion(), created.GetEtag())
	}
	if got := fields(t, created)["state"]; !cmp.Equal(got, object(t, "{\"state\": \"STATE_PENDING\"}")["state"]) {
		t.Errorf("state is %v, the caller's word", got)
	}
}

func TestCreateOrderRefuses(t *testing.T) {
	tests := []struct{ name, message, violation string }{
		{"no customer_id", `{}`, "order.customer_id: required"},
		{"customer_id that is no value", `{"customer_id": "not a UUID"}`, "order.customer_id: type"},
		{"product_id that is no value", `{"product_id": "not a UUID"}`, "order.product_id: type"},
		{"no total", `{}`, "order.total: required"},
		{"total that is no value", `{"total": "many"}`, "order.total: type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newOrderClient(t).CreateOrder(t.Context(), read(t, &pb.CreateOrderRequest{}, `{"order": `+tt.message+`}`))
			wantRefusal(t, err, codes.InvalidArgument, tt.violation)
		})
	}
}

func TestCreateOrderOnce(t *testing.T) {
	client := newOrderClient(t)
	request := read(t, &pb.CreateOrderRequest{RequestId: "7c9e"}, `{"request_id": "7c9e", "order": `+orderMessage+`}`)

	first, err := client.CreateOrder(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	second, err := client.CreateOrder(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fields(t, first), fields(t, second)); diff != "" {
		t.Errorf("second answer (-first +second):\n%s", diff)
	}
	_, err = client.CreateOrder(t.Context(), read(t, &pb.CreateOrderRequest{}, `{"request_id": "7c9e", "order": {"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000002", "product_id": "0190a6c2-7b1e-7d3a-9f00-000000000002", "email": "email 2", "total": "2.50", "note": "note 2"}}`))
	wantRefusal(t, err, codes.InvalidArgument)
	request.RequestId = "11aa"
	if other, err := client.CreateOrder(t.Context(), request); err != nil || other.GetId() == first.GetId() {
		t.Errorf("another id gave the same order, error %v", err)
	}
}

func TestGetOrder(t *testing.T) {
	o := ordertest.Order(orderTime)
	client := newOrderClient(t, o)

	got, err := client.GetOrder(t.Context(), &pb.GetOrderRequest{Id: o.ID.String()})
	if err != nil || got.GetId() != o.ID.String() || got.GetEtag() != `"1"` {
		t.Errorf("id %s with etag %s, error %v; want %s with %q", got.GetId(), got.GetEtag(), err, o.ID, `"1"`)
	}
	_, err = client.GetOrder(t.Context(), &pb.GetOrderRequest{Id: uuid.NewString()})
	wantRefusal(t, err, codes.NotFound)
	_, err = client.GetOrder(t.Context(), &pb.GetOrderRequest{Id: "1"})
	wantRefusal(t, err, codes.InvalidArgument, "id: type")
}

func BenchmarkGetOrder(b *testing.B) {
	o := ordertest.Order(orderTime)
	client := newOrderClient(b, o)
	request := &pb.GetOrderRequest{Id: o.ID.String()}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.GetOrder(b.Context(), request); err != nil {
			b.Fatal(err)
		}
	}
}

// updateOrder returns a request to change an order at version 1, from the message's JSON and the paths of its mask, if any.
func updateOrder(t *testing.T, o order.Order, message string, paths ...string) *pb.UpdateOrderRequest {
	t.Helper()
	request := &pb.UpdateOrderRequest{Order: read(t, &pb.Order{}, message)}
	if paths != nil {
		request.UpdateMask = &fieldmaskpb.FieldMask{Paths: paths}
	}
	request.Order.Id, request.Order.Etag = o.ID.String(), `"1"`
	return request
}

// changedOrder is what an answer shows of ordertest.Order at version 2, with the given fields on top.
func changedOrder(t *testing.T, o order.Order, message string) map[string]any {
	t.Helper()
	want := object(t, message)
	want["id"] = o.ID.String()
	want["state"] = object(t, "{\"state\": \"STATE_PENDING\"}")["state"]
	want["created_at"] = "2026-01-02T03:04:05.000006Z"
	want["updated_at"] = "2026-01-02T04:04:05.000006Z"
	want["version"] = "2"
	want["etag"] = `"2"`
	return want
}

func TestReplaceOrder(t *testing.T) {
	o := ordertest.Order(orderTime)
	got, err := newOrderClient(t, o).UpdateOrder(t.Context(), updateOrder(t, o, otherOrderMessage, "*"))
	if err != nil {
		t.Fatal(err)
	}
	want := changedOrder(t, o, otherOrderMessage)
	want["customer_id"] = object(t, orderMessage)["customer_id"]
	want["product_id"] = object(t, orderMessage)["product_id"]
	if diff := cmp.Diff(want, fields(t, got)); diff != "" {
		t.Errorf("replaced order (-want +got):\n%s", diff)
	}
}

func TestReplaceOrderClearsTheRest(t *testing.T) {
	o := ordertest.Order(orderTime)
	got, err := newOrderClient(t, o).UpdateOrder(t.Context(), updateOrder(t, o, `{"total": "2.50"}`, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"email", "note"} {
		if value, given := fields(t, got)[name]; given {
			t.Errorf("%s is %v after a replacement without it, want none", name, value)
		}
	}
}

func TestUpdateOrder(t *testing.T) {
	tests := []struct {
		name, message string
		paths         []string
	}{
		{"email by its name", `{"email": "email 2"}`, []string{"email"}},
		{"email because it is given", `{"email": "email 2"}`, nil},
		{"email taken away", `{}`, []string{"email"}},
		{"total by its name", `{"total": "2.50"}`, []string{"total"}},
		{"total because it is given", `{"total": "2.50"}`, nil},
		{"note by its name", `{"note": "note 2"}`, []string{"note"}},
		{"note because it is given", `{"note": "note 2"}`, nil},
		{"note taken away", `{}`, []string{"note"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := ordertest.Order(orderTime)
			request := updateOrder(t, o, tt.message, tt.paths...)
			got, err := newOrderClient(t, o).UpdateOrder(t.Context(), request)
			if err != nil {
				t.Fatal(err)
			}
			want := changedOrder(t, o, orderMessage)
			for _, name := range tt.paths {
				delete(want, name)
			}
			for name, value := range object(t, tt.message) {
				want[name] = value
			}
			if diff := cmp.Diff(want, fields(t, got)); diff != "" {
				t.Errorf("changed order (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUpdateOrderWithWhatWasRead sends a message back as it came: what the service sets is no obstacle.
func TestUpdateOrderWithWhatWasRead(t *testing.T) {
	o := ordertest.Order(orderTime)
	client := newOrderClient(t, o)
	kept, err := client.GetOrder(t.Context(), &pb.GetOrderRequest{Id: o.ID.String()})
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.UpdateOrder(t.Context(), &pb.UpdateOrderRequest{Order: kept})
	if err != nil {
		t.Fatal(err)
	}
	want := fields(t, kept)
	want["updated_at"], want["version"], want["etag"] = "2026-01-02T04:04:05.000006Z", "2", `"2"`
	if diff := cmp.Diff(want, fields(t, got)); diff != "" {
		t.Errorf("order that was sent back (-want +got):\n%s", diff)
	}
}

func TestUpdateOrderRefuses(t *testing.T) {
	tests := []struct {
		name, message string
		paths         []string
		violation     string
	}{
		{"an unknown path", `{}`, []string{"no_such_field"}, "order.no_such_field: unknown"},
		{"everything and a field", `{}`, []string{"*", "id"}, "update_mask: mask"},
		{"the id", `{}`, []string{"id"}, "order.id: output_only"},
		{"state", `{"state": "STATE_PAID"}`, []string{"state"}, "order.state: output_only"},
		{"another customer_id", `{"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000002"}`, nil, "order.customer_id: immutable"},
		{"another product_id", `{"product_id": "0190a6c2-7b1e-7d3a-9f00-000000000002"}`, nil, "order.product_id: immutable"},
		{"no total", `{}`, []string{"*"}, "order.total: required"},
		{"total taken away", `{}`, []string{"total"}, "order.total: required"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := ordertest.Order(orderTime)
			client := newOrderClient(t, o)
			_, err := client.UpdateOrder(t.Context(), updateOrder(t, o, tt.message, tt.paths...))
			wantRefusal(t, err, codes.InvalidArgument, tt.violation)
			if got, err := client.GetOrder(t.Context(), &pb.GetOrderRequest{Id: o.ID.String()}); err != nil || got.GetVersion() != 1 {
				t.Errorf("a refused call made version %d, error %v", got.GetVersion(), err)
			}
		})
	}
}

func TestUpdateOrderNeedsTheVersion(t *testing.T) {
	o := ordertest.Order(orderTime)
	client := newOrderClient(t, o)
	tests := []struct {
		id, etag  string
		code      codes.Code
		violation []string
	}{
		{o.ID.String(), "", codes.InvalidArgument, []string{"order.etag: required"}},
		{o.ID.String(), `"7"`, codes.Aborted, nil},
		{o.ID.String(), "1", codes.Aborted, nil},
		{uuid.NewString(), `"1"`, codes.NotFound, nil},
		{"", `"1"`, codes.InvalidArgument, []string{"order.id: type"}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("id %s, etag %s", tt.id, tt.etag), func(t *testing.T) {
			request := updateOrder(t, o, `{}`)
			request.Order.Id, request.Order.Etag = tt.id, tt.etag
			_, err := client.UpdateOrder(t.Context(), request)
			wantRefusal(t, err, tt.code, tt.violation...)
		})
	}
}

func TestDeleteOrder(t *testing.T) {
	o := ordertest.Order(orderTime)
	client := newOrderClient(t, o)

	_, err := client.DeleteOrder(t.Context(), &pb.DeleteOrderRequest{Id: o.ID.String(), Etag: `"7"`})
	wantRefusal(t, err, codes.Aborted)
	_, err = client.DeleteOrder(t.Context(), &pb.DeleteOrderRequest{Id: "1"})
	wantRefusal(t, err, codes.InvalidArgument, "id: type")
	if _, err = client.DeleteOrder(t.Context(), &pb.DeleteOrderRequest{Id: o.ID.String(), Etag: `"1"`}); err != nil {
		t.Fatal(err)
	}
	_, err = client.DeleteOrder(t.Context(), &pb.DeleteOrderRequest{Id: o.ID.String()})
	wantRefusal(t, err, codes.NotFound)
}

func TestPayOrder(t *testing.T) {
	o := ordertest.Order(orderTime)
	o.State = order.StatePending
	client := newOrderClient(t, o)
	id := o.ID.String()

	_, err := client.PayOrder(t.Context(), &pb.PayOrderRequest{Id: id, Etag: `"7"`})
	wantRefusal(t, err, codes.Aborted)
	_, err = client.PayOrder(t.Context(), &pb.PayOrderRequest{Id: "1"})
	wantRefusal(t, err, codes.InvalidArgument, "id: type")
	first, err := client.PayOrder(t.Context(), &pb.PayOrderRequest{Id: id, RequestId: "7c9e"})
	if err != nil {
		t.Fatal(err)
	}
	got := fields(t, first)
	for name, want := range object(t, `{"state": "STATE_PAID",  "version": "2"}`) {
		if diff := cmp.Diff(want, got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	second, err := client.PayOrder(t.Context(), &pb.PayOrderRequest{Id: id, RequestId: "7c9e"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, fields(t, second)); diff != "" {
		t.Errorf("second answer under the same id (-first +second):\n%s", diff)
	}
	_, err = client.PayOrder(t.Context(), &pb.PayOrderRequest{Id: uuid.NewString(), RequestId: "7c9e"})
	wantRefusal(t, err, codes.InvalidArgument)
}

func TestPayOrderInTheWrongState(t *testing.T) {
	o := ordertest.Order(orderTime)
	o.State = order.StatePaid
	_, err := newOrderClient(t, o).PayOrder(t.Context(), &pb.PayOrderRequest{Id: o.ID.String()})
	wantRefusal(t, err, codes.FailedPrecondition)
}

func TestCancelOrder(t *testing.T) {
	o := ordertest.Order(orderTime)
	o.State = order.StatePending
	client := newOrderClient(t, o)
	id := o.ID.String()

	_, err := client.CancelOrder(t.Context(), &pb.CancelOrderRequest{Id: id, Etag: `"7"`})
	wantRefusal(t, err, codes.Aborted)
	_, err = client.CancelOrder(t.Context(), &pb.CancelOrderRequest{Id: "1"})
	wantRefusal(t, err, codes.InvalidArgument, "id: type")
	first, err := client.CancelOrder(t.Context(), &pb.CancelOrderRequest{Id: id, RequestId: "7c9e"})
	if err != nil {
		t.Fatal(err)
	}
	got := fields(t, first)
	for name, want := range object(t, `{"state": "STATE_CANCELLED",  "version": "2"}`) {
		if diff := cmp.Diff(want, got[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	second, err := client.CancelOrder(t.Context(), &pb.CancelOrderRequest{Id: id, RequestId: "7c9e"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, fields(t, second)); diff != "" {
		t.Errorf("second answer under the same id (-first +second):\n%s", diff)
	}
	_, err = client.CancelOrder(t.Context(), &pb.CancelOrderRequest{Id: uuid.NewString(), RequestId: "7c9e"})
	wantRefusal(t, err, codes.InvalidArgument)
}

func TestCancelOrderInTheWrongState(t *testing.T) {
	o := ordertest.Order(orderTime)
	o.State = order.StateShipped
	_, err := newOrderClient(t, o).CancelOrder(t.Context(), &pb.CancelOrderRequest{Id: o.ID.String()})
	wantRefusal(t, err, codes.FailedPrecondition)
}

func TestListOrders(t *testing.T) {
	var orders []order.Order
	for i := range 5 {
		o := ordertest.Order(orderTime.Add(time.Duration(i) * time.Second))
		o.ID = uuid.New()
		orders = append(orders, o)
	}
	client := newOrderClient(t, orders...)

	tests := []struct {
		orderBy string
		want    []int
	}{
		{"", []int{0, 1, 2, 3, 4}},
		{"created_at desc", []int{4, 3, 2, 1, 0}},
		{"updated_at", []int{0, 1, 2, 3, 4}},
	}
	for _, tt := range tests {
		t.Run(tt.orderBy, func(t *testing.T) {
			var want []string
			for _, i := range tt.want {
				want = append(want, orders[i].ID.String())
			}
			got := listOrders(t, client, &pb.ListOrdersRequest{PageSize: 2, OrderBy: tt.orderBy})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("ids over all pages (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListOrdersWithoutAny(t *testing.T) {
	if got := listOrders(t, newOrderClient(t), &pb.ListOrdersRequest{}); len(got) != 0 {
		t.Errorf("ids %v, want none", got)
	}
}

func TestListOrdersFilters(t *testing.T) {
	tests := []struct {
		name, request string
		change        func(*order.Order)
	}{
		{"customer_id", `{"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000001"}`, func(o *order.Order) {
			o.CustomerID = uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000002")
		}},
		{"product_id", `{"product_id": "0190a6c2-7b1e-7d3a-9f00-000000000001"}`, func(o *order.Order) {
			o.ProductID = new(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000002"))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o, other := ordertest.Order(orderTime), ordertest.Order(orderTime)
			other.ID = uuid.New()
			tt.change(&other)
			got := listOrders(t, newOrderClient(t, o, other), read(t, &pb.ListOrdersRequest{}, tt.request))
			if diff := cmp.Diff([]string{o.ID.String()}, got); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListOrdersRefuses(t *testing.T) {
	tests := []struct{ request, violation string }{
		{`{"page_size": -1}`, "page_size: min"},
		{`{"page_token": "x"}`, "page_token: token"},
		{`{"order_by": "no_such_field"}`, "order_by: order"},
		{`{"customer_id": "not a UUID"}`, "customer_id: type"},
		{`{"product_id": "not a UUID"}`, "product_id: type"},
	}
	for _, tt := range tests {
		t.Run(tt.request, func(t *testing.T) {
			_, err := newOrderClient(t).ListOrders(t.Context(), read(t, &pb.ListOrdersRequest{}, tt.request))
			wantRefusal(t, err, codes.InvalidArgument, tt.violation)
		})
	}
}

// listOrders follows the list to its last page and returns the ids.
func listOrders(t *testing.T, client pb.OrderServiceClient, request *pb.ListOrdersRequest) []string {
	t.Helper()
	ids := []string{}
	for range 10 {
		page, err := client.ListOrders(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.GetOrders() {
			ids = append(ids, o.GetId())
		}
		if request.PageToken = page.GetNextPageToken(); request.GetPageToken() == "" {
			return ids
		}
	}
	t.Fatalf("the list has no end: %v", ids)
	return nil
}
