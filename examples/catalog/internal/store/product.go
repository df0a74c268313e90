package store

import (
	"cmp"
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/acme/catalog/internal/fault"
	"github.com/acme/catalog/internal/message"
	"github.com/acme/catalog/internal/platform/mongodb"
	"github.com/acme/catalog/internal/product"
)

// Products keeps products. It implements product.Store.
type Products struct {
	documents *mongodb.Collection[product.Product, productDocument]
}

// NewProducts returns the products in db.
func NewProducts(db *mongodb.DB) *Products {
	return &Products{documents: mongodb.NewCollection(db, mongodb.Spec[product.Product, productDocument]{
		Collection: "products",
		Write:      newProductDocument,
		Read:       productDocument.aggregate,
		NotFound:   product.ErrNotFound,
		Unique: []mongodb.Unique{
			{Field: "sku", Taken: product.ErrSkuTaken},
		},
	})}
}

// Create adds a product, or returns what was created under unit's once-key before.
func (s *Products) Create(ctx context.Context, p product.Product, unit message.Unit) (product.Product, error) {
	return s.documents.Create(ctx, p, unit)
}

// Get returns one product, or product.ErrNotFound.
func (s *Products) Get(ctx context.Context, id uuid.UUID) (product.Product, error) {
	return s.documents.Get(ctx, id)
}

// List returns at most q.Limit products.
func (s *Products) List(ctx context.Context, q product.Query) ([]product.Product, error) {
	key := cmp.Or(q.SortBy, product.SortByCreatedAt)
	page := mongodb.Page{SortBy: string(key), Descending: q.Descending, Limit: q.Limit}
	if q.Filter.Sku != nil {
		page.Where("sku", *q.Filter.Sku)
	}
	if q.Filter.Price != nil {
		page.Where("price", *q.Filter.Price)
	}
	if q.After != nil {
		value, id, err := productAfter(key, *q.After)
		if err != nil {
			return nil, fault.Field(fault.Malformed, "page_token", "token", "is not a token of this list")
		}
		page.After(value, id)
	}
	return s.documents.List(ctx, page)
}

// productAfter reads a position that product.Position wrote, as values of the key's field and the id.
func productAfter(key product.SortKey, after product.Position) (value any, id uuid.UUID, err error) {
	switch key {
	case product.SortBySku:
		value = after.Value
	case product.SortByPrice:
		value, err = decimal.NewFromString(after.Value)
	default:
		value, err = time.Parse(time.RFC3339Nano, after.Value)
	}
	if err != nil {
		return nil, id, err
	}
	id, err = uuid.Parse(after.ID)
	return value, id, err
}

// Update lets change alter a product, or returns the result under unit's
// once-key. When somebody else was faster, change is called again for what they have left.
func (s *Products) Update(ctx context.Context, id uuid.UUID, unit message.Unit, change func(*product.Product) error) (product.Product, error) {
	return s.documents.Update(ctx, id, unit, func(p *product.Product) ([]message.Message, error) {
		return nil, change(p)
	})
}

// Delete removes a product unless check refuses.
func (s *Products) Delete(ctx context.Context, id uuid.UUID, check func(*product.Product) error) error {
	return s.documents.Delete(ctx, id, func(p *product.Product) ([]message.Message, error) {
		return nil, check(p)
	})
}
