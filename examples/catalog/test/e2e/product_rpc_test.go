package e2e_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	pb "github.com/acme/catalog/api/proto/catalog/v1"
)

func TestProductOverGRPC(t *testing.T) {
	s := prepare(t)
	// A worker could change what the test has made.
	s.serve(t, "-role", "api")
	client := pb.NewProductServiceClient(s.dial(t))
	request := read(t, &pb.CreateProductRequest{}, `{"request_id": "e2e", "product": {"sku": "1", "title": "title 1", "price": "1.25"}}`)
	created, err := client.CreateProduct(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	again, err := client.CreateProduct(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(created, again, protocmp.Transform()); diff != "" {
		t.Errorf("the same request under the same id (-first +second):\n%s", diff)
	}
	got, err := client.GetProduct(t.Context(), &pb.GetProductRequest{Id: created.GetId()})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(created, got, protocmp.Transform()); diff != "" {
		t.Errorf("product (-created +got):\n%s", diff)
	}
	page, err := client.ListProducts(t.Context(), &pb.ListProductsRequest{PageSize: 1})
	if err != nil || len(page.GetProducts()) != 1 {
		t.Errorf("the list is %v, error %v; want one product", page, err)
	}
	change := read(t, &pb.UpdateProductRequest{}, `{"product": {"title": "title 2", "price": "2.50"}}`)
	change.UpdateMask = &fieldmaskpb.FieldMask{Paths: []string{"*"}}
	change.Product.Id, change.Product.Etag = created.GetId(), created.GetEtag()
	changed, err := client.UpdateProduct(t.Context(), change)
	if err != nil || changed.GetVersion() != 2 {
		t.Errorf("the update made version %d, error %v", changed.GetVersion(), err)
	}
	_, err = client.UpdateProduct(t.Context(), change)
	wantCode(t, err, codes.Aborted)
	if _, err = client.DeleteProduct(t.Context(), &pb.DeleteProductRequest{Id: created.GetId()}); err != nil {
		t.Error(err)
	}
	_, err = client.DeleteProduct(t.Context(), &pb.DeleteProductRequest{Id: created.GetId()})
	wantCode(t, err, codes.NotFound)
	if _, metrics := s.probe(t, "/metrics"); !strings.Contains(metrics, `rpc_method="catalog.v1.ProductService/CreateProduct"`) {
		t.Error("the metrics do not know the method CreateProduct")
	}
}
