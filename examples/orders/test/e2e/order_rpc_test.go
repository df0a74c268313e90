package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	pb "github.com/acme/orders/api/proto/orders/v1"
)

func TestOrderOverGRPC(t *testing.T) {
	s := prepare(t)
	// A worker could change what the test has made.
	s.serve(t, "-role", "api")
	client := pb.NewOrderServiceClient(s.dial(t))
	request := read(t, &pb.CreateOrderRequest{}, `{"request_id": "e2e", "order": {"customer_id": "0190a6c2-7b1e-7d3a-9f00-000000000001", "total": "1.25"}}`)
	created, err := client.CreateOrder(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	again, err := client.CreateOrder(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(created, again, protocmp.Transform()); diff != "" {
		t.Errorf("the same request under the same id (-first +second):\n%s", diff)
	}
	got, err := client.GetOrder(t.Context(), &pb.GetOrderRequest{Id: created.GetId()})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(created, got, protocmp.Transform()); diff != "" {
		t.Errorf("order (-created +got):\n%s", diff)
	}
	page, err := client.ListOrders(t.Context(), &pb.ListOrdersRequest{PageSize: 1})
	if err != nil || len(page.GetOrders()) != 1 {
		t.Errorf("the list is %v, error %v; want one order", page, err)
	}
	// Both APIs show the same aggregate in the same version.
	shown := s.do(t, http.MethodGet, "/v1/orders/"+created.GetId(), "")
	shown.want(t, http.StatusOK)
	if etag := shown.header.Get("ETag"); etag != created.GetEtag() || shown.body["id"] != created.GetId() {
		t.Errorf("REST shows %v with ETag %s, gRPC version %s", shown.body, etag, created.GetEtag())
	}
	change := read(t, &pb.UpdateOrderRequest{}, `{"order": {"total": "2.50"}}`)
	change.UpdateMask = &fieldmaskpb.FieldMask{Paths: []string{"*"}}
	change.Order.Id, change.Order.Etag = created.GetId(), created.GetEtag()
	changed, err := client.UpdateOrder(t.Context(), change)
	if err != nil || changed.GetVersion() != 2 {
		t.Errorf("the update made version %d, error %v", changed.GetVersion(), err)
	}
	_, err = client.UpdateOrder(t.Context(), change)
	wantCode(t, err, codes.Aborted)
	s.do(t, http.MethodPut, "/v1/orders/"+created.GetId(), `{"total": "2.50"}`, "If-Match: "+created.GetEtag()).want(t, http.StatusPreconditionFailed)
	s.do(t, http.MethodPut, "/v1/orders/"+created.GetId(), `{"total": "2.50"}`, "If-Match: "+changed.GetEtag()).want(t, http.StatusOK)
	if _, err = client.DeleteOrder(t.Context(), &pb.DeleteOrderRequest{Id: created.GetId()}); err != nil {
		t.Error(err)
	}
	_, err = client.DeleteOrder(t.Context(), &pb.DeleteOrderRequest{Id: created.GetId()})
	wantCode(t, err, codes.NotFound)
	s.do(t, http.MethodGet, "/v1/orders/"+created.GetId(), "").want(t, http.StatusNotFound)
	if _, metrics := s.probe(t, "/metrics"); !strings.Contains(metrics, `rpc_method="orders.v1.OrderService/CreateOrder"`) {
		t.Error("the metrics do not know the method CreateOrder")
	}
}
