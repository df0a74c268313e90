package product_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/acme/catalog/internal/fault"
	"github.com/acme/catalog/internal/message"
	"github.com/acme/catalog/internal/product"
	"github.com/acme/catalog/internal/product/producttest"
)

var (
	created = time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.UTC)
	later   = created.Add(time.Hour)
)

func TestNew(t *testing.T) {
	id := uuid.New()
	details := producttest.Details()

	got, err := product.New(id, details, created)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	want := product.Product{
		ID:        id,
		Sku:       *details.Sku,
		Title:     *details.Title,
		Price:     *details.Price,
		Ordered:   int64(0),
		CreatedAt: created,
		UpdatedAt: created,
		Version:   1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("New (-want +got):\n%s", diff)
	}
}

func TestCountOrder(t *testing.T) {
	use := product.NewService(producttest.NewStore(), func() time.Time { return later })
	p, err := use.Create(t.Context(), producttest.Details(), message.Unit{})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"order-created/1", "order-created/2", "order-created/2"} {
		if _, err := use.CountOrder(t.Context(), p.ID, message.Unit{Once: key}); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := use.Get(t.Context(), p.ID); err != nil || got.Ordered != 2 || got.Version != 3 {
		t.Errorf("%d orders in version %d, %v; want 2 in version 3", got.Ordered, got.Version, err)
	}
}

func TestNewAcceptsExtremes(t *testing.T) {
	tests := map[string]product.Details{
		"the smallest values": producttest.Smallest(),
		"the largest values":  producttest.Largest(),
	}
	for name, details := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := product.New(uuid.New(), details, created); err != nil {
				t.Errorf("New: %v", err)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		name, field, rule string
		change            func(*product.Details)
	}{
		{"no sku", "sku", "required", func(d *product.Details) {
			d.Sku = nil
		}},
		{"sku too long", "sku", "max", func(d *product.Details) {
			d.Sku = new(strings.Repeat("x", 41))
		}},
		{"sku not matching the pattern", "sku", "pattern", func(d *product.Details) {
			d.Sku = new("!")
		}},
		{"no title", "title", "required", func(d *product.Details) {
			d.Title = nil
		}},
		{"title too short", "title", "min", func(d *product.Details) {
			d.Title = new("")
		}},
		{"title too long", "title", "max", func(d *product.Details) {
			d.Title = new(strings.Repeat("x", 201))
		}},
		{"no price", "price", "required", func(d *product.Details) {
			d.Price = nil
		}},
		{"price with too many digits", "price", "digits", func(d *product.Details) {
			d.Price = new(decimal.RequireFromString("1.251"))
		}},
		{"price too small", "price", "min", func(d *product.Details) {
			d.Price = new(decimal.RequireFromString("-0.01"))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			details := producttest.Details()
			tt.change(&details)
			_, err := product.New(uuid.New(), details, created)
			wantViolation(t, err, tt.field, tt.rule)
		})
	}
}

func TestNewNamesEveryViolation(t *testing.T) {
	_, err := product.New(uuid.New(), product.Details{}, created)
	wantViolation(t, err, "sku", "required")
	wantViolation(t, err, "title", "required")
	wantViolation(t, err, "price", "required")
}

func TestRevise(t *testing.T) {
	p := producttest.Product(created)
	details := producttest.OtherDetails()
	details.Sku = &p.Sku

	if err := p.Revise(details, later); err != nil {
		t.Fatalf("Revise: %v", err)
	}
	if diff := cmp.Diff(details, p.Details()); diff != "" {
		t.Errorf("details after Revise (-want +got):\n%s", diff)
	}
	if p.Version != 2 || !p.UpdatedAt.Equal(later) || !p.CreatedAt.Equal(created) {
		t.Errorf("version %d, updated %s, created %s; want 2, %s, %s", p.Version, p.UpdatedAt, p.CreatedAt, later, created)
	}
}

func TestReviseRefuses(t *testing.T) {
	tests := []struct {
		name, field, rule string
		change            func(*product.Details)
	}{
		{"another sku", "sku", "immutable", func(d *product.Details) {
			d.Sku = producttest.OtherDetails().Sku
		}},
		{"no title", "title", "required", func(d *product.Details) {
			d.Title = nil
		}},
		{"no price", "price", "required", func(d *product.Details) {
			d.Price = nil
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := producttest.Product(created)
			details := p.Details()
			tt.change(&details)
			wantViolation(t, p.Revise(details, later), tt.field, tt.rule)
			if diff := cmp.Diff(producttest.Product(created), p); diff != "" {
				t.Errorf("a refused revision changed the product (-want +got):\n%s", diff)
			}
		})
	}
}

func wantViolation(t *testing.T, err error, field, rule string) {
	t.Helper()
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != fault.Invalid {
		t.Fatalf("error %v, want a violation of %s: %s", err, field, rule)
	}
	for _, v := range refusal.Violations {
		if v.Field == field && v.Rule == rule {
			return
		}
	}
	t.Errorf("violations %+v, want %s: %s", refusal.Violations, field, rule)
}
