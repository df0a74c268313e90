package rpc_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	pb "github.com/acme/catalog/api/proto/catalog/v1"
	"github.com/acme/catalog/internal/product"
	"github.com/acme/catalog/internal/product/producttest"
	"github.com/acme/catalog/internal/rpc"
)

const (
	productMessage = `{
		"sku": "1",
		"title": "title 1",
		"price": "1.25"
	}`
	otherProductMessage = `{
		"title": "title 2",
		"price": "2.50"
	}`
)

var productTime = time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.UTC)

// newProductClient returns a client of an API whose clock stands one hour after the given products were created, and
// a little that no store keeps.
func newProductClient(t testing.TB, products ...product.Product) pb.ProductServiceClient {
	t.Helper()
	now := func() time.Time {
		return productTime.Add(time.Hour + 999*time.Nanosecond)
	}
	use := rpc.UseCases{Products: product.NewService(producttest.NewStore(products...), now)}
	return pb.NewProductServiceClient(newAPI(t, use))
}

func TestCreateProduct(t *testing.T) {
	client := newProductClient(t)

	created, err := client.CreateProduct(t.Context(), read(t, &pb.CreateProductRequest{}, `{"product": `+productMessage+`}`))
	if err != nil {
		t.Fatal(err)
	}
	want := object(t, productMessage)
	want["id"] = created.GetId()
	want["ordered"] = object(t, "{\"ordered\": \"0\"}")["ordered"]
	want["created_at"] = "2026-01-02T04:04:05.000006Z"
	want["updated_at"] = "2026-01-02T04:04:05.000006Z"
	want["version"] = "1"
	want["etag"] = `"1"`
	if diff := cmp.Diff(want, fields(t, created)); diff != "" {
		t.Errorf("created product (-want +got):\n%s", diff)
	}
	again, err := client.GetProduct(t.Context(), &pb.GetProductRequest{Id: created.GetId()})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fields(t, created), fields(t, again)); diff != "" {
		t.Errorf("product that is kept (-created +got):\n%s", diff)
	}
}

func TestCreateProductTakesNoWordForWhatTheServiceSets(t *testing.T) {
	message := read(t, &pb.Product{}, productMessage)
	message.Id, message.Version, message.Etag = "0190a6c2-7b1e-7d3a-9f00-000000000001", 7, `"7"`
	message.Ordered = read(t, &pb.Product{}, `{"ordered": "2"}`).Ordered
	created, err := newProductClient(t).CreateProduct(t.Context(), &pb.CreateProductRequest{Product: message})
	if err != nil {
		t.Fatal(err)
	}
	if created.GetId() == message.GetId() || created.GetVersion() != 1 || created.GetEtag() != `"1"` {
		t.Errorf("id %s, version %d, etag %s are the caller's", created.GetId(), created.GetVersion(), created.GetEtag())
	}
	if got := fields(t, created)["ordered"]; !cmp.Equal(got, object(t, "{\"ordered\": \"0\"}")["ordered"]) {
		t.Errorf("ordered is %v, the caller's word", got)
	}
}

func TestCreateProductRefuses(t *testing.T) {
	tests := []struct{ name, message, violation string }{
		{"no sku", `{}`, "product.sku: required"},
		{"no title", `{}`, "product.title: required"},
		{"no price", `{}`, "product.price: required"},
		{"price that is no value", `{"price": "many"}`, "product.price: type"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := newProductClient(t).CreateProduct(t.Context(), read(t, &pb.CreateProductRequest{}, `{"product": `+tt.message+`}`))
			wantRefusal(t, err, codes.InvalidArgument, tt.violation)
		})
	}
}

func TestCreateProductOnce(t *testing.T) {
	client := newProductClient(t)
	request := read(t, &pb.CreateProductRequest{RequestId: "7c9e"}, `{"request_id": "7c9e", "product": `+productMessage+`}`)

	first, err := client.CreateProduct(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	second, err := client.CreateProduct(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fields(t, first), fields(t, second)); diff != "" {
		t.Errorf("second answer (-first +second):\n%s", diff)
	}
	_, err = client.CreateProduct(t.Context(), read(t, &pb.CreateProductRequest{}, `{"request_id": "7c9e", "product": {"sku": "2", "title": "title 2", "price": "2.50"}}`))
	wantRefusal(t, err, codes.InvalidArgument)
}

func TestCreateProductWithSkuTaken(t *testing.T) {
	p := producttest.Product(productTime)
	_, err := newProductClient(t, p).CreateProduct(t.Context(), read(t, &pb.CreateProductRequest{}, `{"product": `+productMessage+`}`))
	wantRefusal(t, err, codes.AlreadyExists)
}

func TestGetProduct(t *testing.T) {
	p := producttest.Product(productTime)
	client := newProductClient(t, p)

	got, err := client.GetProduct(t.Context(), &pb.GetProductRequest{Id: p.ID.String()})
	if err != nil || got.GetId() != p.ID.String() || got.GetEtag() != `"1"` {
		t.Errorf("id %s with etag %s, error %v; want %s with %q", got.GetId(), got.GetEtag(), err, p.ID, `"1"`)
	}
	_, err = client.GetProduct(t.Context(), &pb.GetProductRequest{Id: uuid.NewString()})
	wantRefusal(t, err, codes.NotFound)
	_, err = client.GetProduct(t.Context(), &pb.GetProductRequest{Id: "1"})
	wantRefusal(t, err, codes.InvalidArgument, "id: type")
}

func BenchmarkGetProduct(b *testing.B) {
	p := producttest.Product(productTime)
	client := newProductClient(b, p)
	request := &pb.GetProductRequest{Id: p.ID.String()}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.GetProduct(b.Context(), request); err != nil {
			b.Fatal(err)
		}
	}
}

// updateProduct returns a request to change a product at version 1, from the message's JSON and the paths of its mask, if any.
func updateProduct(t *testing.T, p product.Product, message string, paths ...string) *pb.UpdateProductRequest {
	t.Helper()
	request := &pb.UpdateProductRequest{Product: read(t, &pb.Product{}, message)}
	if paths != nil {
		request.UpdateMask = &fieldmaskpb.FieldMask{Paths: paths}
	}
	request.Product.Id, request.Product.Etag = p.ID.String(), `"1"`
	return request
}

// changedProduct is what an answer shows of producttest.Product at version 2, with the given fields on top.
func changedProduct(t *testing.T, p product.Product, message string) map[string]any {
	t.Helper()
	want := object(t, message)
	want["id"] = p.ID.String()
	want["ordered"] = object(t, "{\"ordered\": \"0\"}")["ordered"]
	want["created_at"] = "2026-01-02T03:04:05.000006Z"
	want["updated_at"] = "2026-01-02T04:04:05.000006Z"
	want["version"] = "2"
	want["etag"] = `"2"`
	return want
}

func TestReplaceProduct(t *testing.T) {
	p := producttest.Product(productTime)
	got, err := newProductClient(t, p).UpdateProduct(t.Context(), updateProduct(t, p, otherProductMessage, "*"))
	if err != nil {
		t.Fatal(err)
	}
	want := changedProduct(t, p, otherProductMessage)
	want["sku"] = object(t, productMessage)["sku"]
	if diff := cmp.Diff(want, fields(t, got)); diff != "" {
		t.Errorf("replaced product (-want +got):\n%s", diff)
	}
}

func TestUpdateProduct(t *testing.T) {
	tests := []struct {
		name, message string
		paths         []string
	}{
		{"title by its name", `{"title": "title 2"}`, []string{"title"}},
		{"title because it is given", `{"title": "title 2"}`, nil},
		{"price by its name", `{"price": "2.50"}`, []string{"price"}},
		{"price because it is given", `{"price": "2.50"}`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := producttest.Product(productTime)
			request := updateProduct(t, p, tt.message, tt.paths...)
			got, err := newProductClient(t, p).UpdateProduct(t.Context(), request)
			if err != nil {
				t.Fatal(err)
			}
			want := changedProduct(t, p, productMessage)
			for _, name := range tt.paths {
				delete(want, name)
			}
			for name, value := range object(t, tt.message) {
				want[name] = value
			}
			if diff := cmp.Diff(want, fields(t, got)); diff != "" {
				t.Errorf("changed product (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUpdateProductWithWhatWasRead sends a message back as it came: what the service sets is no obstacle.
func TestUpdateProductWithWhatWasRead(t *testing.T) {
	p := producttest.Product(productTime)
	client := newProductClient(t, p)
	kept, err := client.GetProduct(t.Context(), &pb.GetProductRequest{Id: p.ID.String()})
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.UpdateProduct(t.Context(), &pb.UpdateProductRequest{Product: kept})
	if err != nil {
		t.Fatal(err)
	}
	want := fields(t, kept)
	want["updated_at"], want["version"], want["etag"] = "2026-01-02T04:04:05.000006Z", "2", `"2"`
	if diff := cmp.Diff(want, fields(t, got)); diff != "" {
		t.Errorf("product that was sent back (-want +got):\n%s", diff)
	}
}

func TestUpdateProductRefuses(t *testing.T) {
	tests := []struct {
		name, message string
		paths         []string
		violation     string
	}{
		{"an unknown path", `{}`, []string{"no_such_field"}, "product.no_such_field: unknown"},
		{"everything and a field", `{}`, []string{"*", "id"}, "update_mask: mask"},
		{"the id", `{}`, []string{"id"}, "product.id: output_only"},
		{"ordered", `{"ordered": "2"}`, []string{"ordered"}, "product.ordered: output_only"},
		{"another sku", `{"sku": "2"}`, nil, "product.sku: immutable"},
		{"no title", `{}`, []string{"*"}, "product.title: required"},
		{"title taken away", `{}`, []string{"title"}, "product.title: required"},
		{"no price", `{}`, []string{"*"}, "product.price: required"},
		{"price taken away", `{}`, []string{"price"}, "product.price: required"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := producttest.Product(productTime)
			client := newProductClient(t, p)
			_, err := client.UpdateProduct(t.Context(), updateProduct(t, p, tt.message, tt.paths...))
			wantRefusal(t, err, codes.InvalidArgument, tt.violation)
			if got, err := client.GetProduct(t.Context(), &pb.GetProductRequest{Id: p.ID.String()}); err != nil || got.GetVersion() != 1 {
				t.Errorf("a refused call made version %d, error %v", got.GetVersion(), err)
			}
		})
	}
}

func TestUpdateProductNeedsTheVersion(t *testing.T) {
	p := producttest.Product(productTime)
	client := newProductClient(t, p)
	tests := []struct {
		id, etag  string
		code      codes.Code
		violation []string
	}{
		{p.ID.String(), "", codes.InvalidArgument, []string{"product.etag: required"}},
		{p.ID.String(), `"7"`, codes.Aborted, nil},
		{p.ID.String(), "1", codes.Aborted, nil},
		{uuid.NewString(), `"1"`, codes.NotFound, nil},
		{"", `"1"`, codes.InvalidArgument, []string{"product.id: type"}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("id %s, etag %s", tt.id, tt.etag), func(t *testing.T) {
			request := updateProduct(t, p, `{}`)
			request.Product.Id, request.Product.Etag = tt.id, tt.etag
			_, err := client.UpdateProduct(t.Context(), request)
			wantRefusal(t, err, tt.code, tt.violation...)
		})
	}
}

func TestDeleteProduct(t *testing.T) {
	p := producttest.Product(productTime)
	client := newProductClient(t, p)

	_, err := client.DeleteProduct(t.Context(), &pb.DeleteProductRequest{Id: p.ID.String(), Etag: `"7"`})
	wantRefusal(t, err, codes.Aborted)
	_, err = client.DeleteProduct(t.Context(), &pb.DeleteProductRequest{Id: "1"})
	wantRefusal(t, err, codes.InvalidArgument, "id: type")
	if _, err = client.DeleteProduct(t.Context(), &pb.DeleteProductRequest{Id: p.ID.String(), Etag: `"1"`}); err != nil {
		t.Fatal(err)
	}
	_, err = client.DeleteProduct(t.Context(), &pb.DeleteProductRequest{Id: p.ID.String()})
	wantRefusal(t, err, codes.NotFound)
}

func TestListProducts(t *testing.T) {
	var products []product.Product
	for i := range 5 {
		p := producttest.Product(productTime.Add(time.Duration(i) * time.Second))
		p.ID = uuid.New()
		products = append(products, p)
	}
	client := newProductClient(t, products...)

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
				want = append(want, products[i].ID.String())
			}
			got := listProducts(t, client, &pb.ListProductsRequest{PageSize: 2, OrderBy: tt.orderBy})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("ids over all pages (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListProductsWithoutAny(t *testing.T) {
	if got := listProducts(t, newProductClient(t), &pb.ListProductsRequest{}); len(got) != 0 {
		t.Errorf("ids %v, want none", got)
	}
}

func TestListProductsFilters(t *testing.T) {
	tests := []struct {
		name, request string
		change        func(*product.Product)
	}{
		{"sku", `{"sku": "1"}`, func(p *product.Product) {
			p.Sku = "2"
		}},
		{"price", `{"price": "1.25"}`, func(p *product.Product) {
			p.Price = decimal.RequireFromString("2.50")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, other := producttest.Product(productTime), producttest.Product(productTime)
			other.ID = uuid.New()
			tt.change(&other)
			got := listProducts(t, newProductClient(t, p, other), read(t, &pb.ListProductsRequest{}, tt.request))
			if diff := cmp.Diff([]string{p.ID.String()}, got); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListProductsRefuses(t *testing.T) {
	tests := []struct{ request, violation string }{
		{`{"page_size": -1}`, "page_size: min"},
		{`{"page_token": "x"}`, "page_token: token"},
		{`{"order_by": "no_such_field"}`, "order_by: order"},
		{`{"price": "many"}`, "price: type"},
	}
	for _, tt := range tests {
		t.Run(tt.request, func(t *testing.T) {
			_, err := newProductClient(t).ListProducts(t.Context(), read(t, &pb.ListProductsRequest{}, tt.request))
			wantRefusal(t, err, codes.InvalidArgument, tt.violation)
		})
	}
}

// listProducts follows the list to its last page and returns the ids.
func listProducts(t *testing.T, client pb.ProductServiceClient, request *pb.ListProductsRequest) []string {
	t.Helper()
	ids := []string{}
	for range 10 {
		page, err := client.ListProducts(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.GetProducts() {
			ids = append(ids, p.GetId())
		}
		if request.PageToken = page.GetNextPageToken(); request.GetPageToken() == "" {
			return ids
		}
	}
	t.Fatalf("the list has no end: %v", ids)
	return nil
}
