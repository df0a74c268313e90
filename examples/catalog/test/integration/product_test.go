package integration_test

import (
	"context"
	"errors"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/acme/catalog/internal/fault"
	"github.com/acme/catalog/internal/message"
	"github.com/acme/catalog/internal/platform/mongotest"
	"github.com/acme/catalog/internal/product"
	"github.com/acme/catalog/internal/product/producttest"
	"github.com/acme/catalog/internal/store"
	"github.com/acme/catalog/migrations"
)

var productTime = time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.UTC)

func newProducts(t testing.TB) *store.Products {
	t.Helper()
	return store.NewProducts(mongotest.Open(t, migrations.MongoDB()))
}

// createProduct adds a product with a new id.
func createProduct(t testing.TB, products *store.Products, created time.Time, change ...func(*product.Product)) product.Product {
	t.Helper()
	p := producttest.Product(created)
	for _, f := range change {
		f(&p)
	}
	p.ID = uuid.Must(uuid.NewV7())
	if _, err := products.Create(t.Context(), p, message.Unit{}); err != nil {
		t.Fatalf("Create: %v", err)
	}
	return p
}

func acceptProduct(*product.Product) error {
	return nil
}

func getProduct(t *testing.T, products *store.Products, id uuid.UUID) product.Product {
	t.Helper()
	p, err := products.Get(t.Context(), id)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	return p
}

func TestProductRoundTrip(t *testing.T) {
	tests := []struct {
		name   string
		change func(*product.Product)
	}{
		{"every field", func(p *product.Product) {
			p.UpdatedAt = productTime.Add(time.Hour)
		}},
		{"the smallest values", func(p *product.Product) {
			*p = producttest.FromDetails(producttest.Smallest(), productTime)
		}},
		{"the largest values", func(p *product.Product) {
			*p = producttest.FromDetails(producttest.Largest(), productTime)
			p.Version = math.MaxInt64
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			products := newProducts(t)
			want := createProduct(t, products, productTime, tt.change)
			if diff := cmp.Diff(want, getProduct(t, products, want.ID)); diff != "" {
				t.Errorf("product after a round trip (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGetProductNotFound(t *testing.T) {
	products := newProducts(t)
	createProduct(t, products, productTime)
	if _, err := products.Get(t.Context(), uuid.New()); !errors.Is(err, product.ErrNotFound) {
		t.Errorf("Get: %v, want %v", err, product.ErrNotFound)
	}
}

func BenchmarkGetProduct(b *testing.B) {
	products := newProducts(b)
	id := createProduct(b, products, productTime).ID
	b.ReportAllocs()
	for b.Loop() {
		if _, err := products.Get(b.Context(), id); err != nil {
			b.Fatal(err)
		}
	}
}

func TestUpdateProduct(t *testing.T) {
	products := newProducts(t)
	untouched := createProduct(t, products, productTime, uniqueProduct)
	want := createProduct(t, products, productTime)
	want.Title = "title 2"
	want.Price = decimal.RequireFromString("2.50")
	want.Ordered = int64(2)
	want.UpdatedAt, want.Version = productTime.Add(time.Hour), 2

	got, err := products.Update(t.Context(), want.ID, message.Unit{}, func(p *product.Product) error {
		*p = want
		return nil
	})
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("returned product (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, getProduct(t, products, want.ID)); diff != "" {
		t.Errorf("kept product (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(untouched, getProduct(t, products, untouched.ID)); diff != "" {
		t.Errorf("another product changed (-want +got):\n%s", diff)
	}
}

func TestUpdateProductRefused(t *testing.T) {
	products := newProducts(t)
	want := createProduct(t, products, productTime)
	refusal := errors.New("refused")

	_, err := products.Update(t.Context(), want.ID, message.Unit{Once: "key"}, func(p *product.Product) error {
		p.Version = 99
		return refusal
	})
	if !errors.Is(err, refusal) {
		t.Errorf("Update: %v, want %v", err, refusal)
	}
	if got := getProduct(t, products, want.ID); got.Version != want.Version {
		t.Errorf("a refused update kept version %d, want %d", got.Version, want.Version)
	}
	if _, err := products.Update(t.Context(), uuid.New(), message.Unit{}, acceptProduct); !errors.Is(err, product.ErrNotFound) {
		t.Errorf("Update of an unknown product: %v, want %v", err, product.ErrNotFound)
	}
}

func TestUpdateProductConcurrently(t *testing.T) {
	const writers = 8
	products := newProducts(t)
	p := createProduct(t, products, productTime)

	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			_, err := products.Update(context.WithoutCancel(t.Context()), p.ID, message.Unit{}, func(p *product.Product) error {
				p.Version++
				return nil
			})
			if err != nil {
				t.Errorf("Update: %v", err)
			}
		})
	}
	wg.Wait()
	if got := getProduct(t, products, p.ID).Version; got != 1+writers {
		t.Errorf("version %d after %d updates, want %d", got, writers, 1+writers)
	}
}

func TestUpdateProductOnce(t *testing.T) {
	products := newProducts(t)
	p := createProduct(t, products, productTime)
	unit := message.Unit{Once: "key", Digest: [32]byte{1}}
	increment := func(p *product.Product) error {
		p.Version++
		return nil
	}

	first, err := products.Update(t.Context(), p.ID, unit, increment)
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	if _, err := products.Update(t.Context(), p.ID, message.Unit{}, increment); err != nil {
		t.Fatalf("Update: %v", err)
	}
	again, err := products.Update(t.Context(), p.ID, unit, increment)
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("second answer (-first +second):\n%s", diff)
	}
	if got := getProduct(t, products, p.ID).Version; got != 3 {
		t.Errorf("version %d, want 3", got)
	}
}

func TestDeleteProduct(t *testing.T) {
	products := newProducts(t)
	kept := createProduct(t, products, productTime, uniqueProduct)
	gone := createProduct(t, products, productTime)
	refusal := errors.New("refused")

	if err := products.Delete(t.Context(), gone.ID, func(*product.Product) error {
		return refusal
	}); !errors.Is(err, refusal) {
		t.Errorf("Delete: %v, want %v", err, refusal)
	}
	getProduct(t, products, gone.ID)
	if err := products.Delete(t.Context(), gone.ID, acceptProduct); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	if _, err := products.Get(t.Context(), gone.ID); !errors.Is(err, product.ErrNotFound) {
		t.Errorf("Get after Delete: %v, want %v", err, product.ErrNotFound)
	}
	getProduct(t, products, kept.ID)
}

// An update that comes in between is seen: the delete checks what it deletes.
func TestDeleteProductChecksAgainAfterAnUpdate(t *testing.T) {
	products := newProducts(t)
	p := createProduct(t, products, productTime)

	var versions []int64
	err := products.Delete(t.Context(), p.ID, func(current *product.Product) error {
		versions = append(versions, current.Version)
		if len(versions) > 1 {
			return nil
		}
		_, err := products.Update(t.Context(), p.ID, message.Unit{}, func(p *product.Product) error {
			p.Version++
			return nil
		})
		return err
	})
	if err != nil {
		t.Fatalf("Delete: %v", err)
	}
	if diff := cmp.Diff([]int64{1, 2}, versions); diff != "" {
		t.Errorf("versions that the delete checked (-want +got):\n%s", diff)
	}
}

func TestCreateProductTwice(t *testing.T) {
	products := newProducts(t)
	p := createProduct(t, products, productTime)
	if _, err := products.Create(t.Context(), p, message.Unit{}); err == nil {
		t.Error("Create added a product under an id that is taken")
	}
}

func TestCreateProductOnce(t *testing.T) {
	const callers = 8
	products := newProducts(t)
	unit := message.Unit{Once: "key", Digest: [32]byte{1}}

	ids := make([]uuid.UUID, callers)
	var wg sync.WaitGroup
	for i := range callers {
		wg.Go(func() {
			p := producttest.Product(productTime)
			p.ID = uuid.Must(uuid.NewV7())
			created, err := products.Create(context.WithoutCancel(t.Context()), p, unit)
			if err != nil {
				t.Errorf("Create: %v", err)
			}
			ids[i] = created.ID
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("ids %v under one once-key, want one", ids)
		}
	}
	unit.Digest[0]++
	if _, err := products.Create(t.Context(), producttest.Product(productTime), unit); fault.KindOf(err) != fault.Reused {
		t.Errorf("Create of something else under the key: %v, want a fault of kind Reused", err)
	}
}

func TestCreateProductWithSkuTaken(t *testing.T) {
	products := newProducts(t)
	createProduct(t, products, productTime)
	p := producttest.Product(productTime)
	p.ID = uuid.New()
	uniqueProduct(&p)
	p.Sku = producttest.Product(productTime).Sku
	if _, err := products.Create(t.Context(), p, message.Unit{}); !errors.Is(err, product.ErrSkuTaken) {
		t.Errorf("Create: %v, want %v", err, product.ErrSkuTaken)
	}
}

// uniqueProduct gives p values that no other product of a test has.
func uniqueProduct(p *product.Product) {
	p.Sku = "2"
}

func TestListProductsSorts(t *testing.T) {
	tests := []struct {
		key    product.SortKey
		change func(*product.Product)
	}{
		{product.SortByCreatedAt, func(p *product.Product) {
			p.CreatedAt = p.CreatedAt.Add(time.Microsecond)
		}},
		{product.SortByUpdatedAt, func(p *product.Product) {
			p.UpdatedAt = p.UpdatedAt.Add(time.Microsecond)
		}},
		{product.SortBySku, func(p *product.Product) {
			p.Sku = "2"
		}},
		{product.SortByPrice, func(p *product.Product) {
			p.Price = decimal.RequireFromString("2.50")
		}},
	}
	for _, tt := range tests {
		t.Run(string(tt.key), func(t *testing.T) {
			products := newProducts(t)
			second := createProduct(t, products, productTime, uniqueProduct, tt.change)
			first := createProduct(t, products, productTime)
			got := walkProducts(t, products, product.Query{SortBy: tt.key, Limit: 1})
			if diff := cmp.Diff([]uuid.UUID{first.ID, second.ID}, got); diff != "" {
				t.Errorf("ids (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListProductsFilters(t *testing.T) {
	tests := []struct {
		name   string
		filter product.Filter
		change func(*product.Product)
	}{
		{"sku", product.Filter{Sku: new("1")}, func(p *product.Product) {
			p.Sku = "2"
		}},
		{"price", product.Filter{Price: new(decimal.RequireFromString("1.25"))}, func(p *product.Product) {
			p.Price = decimal.RequireFromString("2.50")
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			products := newProducts(t)
			createProduct(t, products, productTime, uniqueProduct, tt.change)
			want := createProduct(t, products, productTime)
			list := listProducts(t, products, product.Query{Filter: tt.filter, SortBy: product.SortByCreatedAt, Limit: 10})
			if diff := cmp.Diff([]product.Product{want}, list); diff != "" {
				t.Errorf("products (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListProductsRefusesForeignPosition(t *testing.T) {
	products := newProducts(t)
	foreign := []product.Position{
		{Value: "x", ID: uuid.NewString()},
		{Value: productTime.Format(time.RFC3339), ID: "x"},
	}
	for _, after := range foreign {
		_, err := products.List(t.Context(), product.Query{SortBy: product.SortByCreatedAt, After: &after, Limit: 1})
		if fault.KindOf(err) != fault.Malformed {
			t.Errorf("List after %v: %v, want a fault of kind Malformed", after, err)
		}
	}
}

func listProducts(t *testing.T, products *store.Products, q product.Query) []product.Product {
	t.Helper()
	list, err := products.List(t.Context(), q)
	if err != nil {
		t.Fatalf("List: %v", err)
	}
	if len(list) > q.Limit {
		t.Errorf("%d products on a page of %d", len(list), q.Limit)
	}
	return list
}

// walkProducts reads page after page and returns the ids.
func walkProducts(t *testing.T, products *store.Products, q product.Query) []uuid.UUID {
	t.Helper()
	var ids []uuid.UUID
	for range 10 {
		page := listProducts(t, products, q)
		for _, p := range page {
			ids = append(ids, p.ID)
		}
		if len(page) < q.Limit {
			return ids
		}
		after := page[len(page)-1].Position(q.SortBy)
		q.After = &after
	}
	t.Fatalf("the list has no end: %v", ids)
	return nil
}
