// Package product holds products: what they are, what may happen to them, and the use cases on them.
package product

import (
	"regexp"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/acme/catalog/internal/decimals"
	"github.com/acme/catalog/internal/fault"
)

// Product is one product as it is kept.
type Product struct {
	ID        uuid.UUID
	Sku       string
	Title     string
	Price     decimal.Decimal
	Ordered   int64
	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int64
}

// Details are what a client decides about a product. Nil means absent.
type Details struct {
	Sku   *string
	Title *string
	Price *decimal.Decimal
}

// skuPattern is what sku must look like.
var skuPattern = regexp.MustCompile("^[A-Z0-9-]+$")

// New returns a new product with the given details. Its error names every detail that breaks a rule.
func New(id uuid.UUID, d Details, now time.Time) (Product, error) {
	var c fault.Checks
	d.check(&c)
	if err := c.Err(); err != nil {
		return Product{}, err
	}
	p := Product{
		ID:        id,
		Ordered:   0,
		CreatedAt: now,
		UpdatedAt: now,
		Version:   1,
	}
	p.set(d)
	return p, nil
}

// Details returns what the client decided, as the start of a revision.
func (p *Product) Details() Details {
	return Details{
		Sku:   new(p.Sku),
		Title: new(p.Title),
		Price: new(p.Price),
	}
}

// Revise replaces the details. Its error names every detail that breaks a rule.
func (p *Product) Revise(d Details, now time.Time) error {
	var c fault.Checks
	d.check(&c)
	c.Immutable("sku", !fault.Same(d.Sku, &p.Sku))
	if err := c.Err(); err != nil {
		return err
	}
	p.set(d)
	p.touch(now)
	return nil
}

// CountOrder notes that the product was ordered once more.
func (p *Product) CountOrder(now time.Time) {
	p.Ordered++
	p.touch(now)
}

func (p *Product) set(d Details) {
	p.Sku = *d.Sku
	p.Title = *d.Title
	p.Price = *d.Price
}

func (p *Product) touch(now time.Time) {
	p.UpdatedAt = now
	p.Version++
}

func (d Details) check(c *fault.Checks) {
	c.Required("sku", d.Sku != nil)
	c.Length("sku", d.Sku, 0, 40)
	c.Pattern("sku", d.Sku, skuPattern)
	c.Required("title", d.Title != nil)
	c.Length("title", d.Title, 1, 200)
	c.Required("price", d.Price != nil)
	decimals.Fit(c, "price", d.Price, 12, 2)
	decimals.AtLeast(c, "price", d.Price, "0")
}
