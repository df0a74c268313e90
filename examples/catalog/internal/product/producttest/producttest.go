// Package producttest has what tests of other packages need of products: valid values, and a store in memory.
package producttest

import (
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/acme/catalog/internal/product"
)

// Details returns valid details with every field given.
func Details() product.Details {
	return product.Details{
		Sku:   new("1"),
		Title: new("title 1"),
		Price: new(decimal.RequireFromString("1.25")),
	}
}

// OtherDetails returns valid details that differ from [Details] wherever the fields' rules leave room.
func OtherDetails() product.Details {
	return product.Details{
		Sku:   new("2"),
		Title: new("title 2"),
		Price: new(decimal.RequireFromString("2.50")),
	}
}

// Smallest returns details with the smallest values that the rules allow.
func Smallest() product.Details {
	return product.Details{
		Sku:   new("1"),
		Title: new("x"),
		Price: new(decimal.RequireFromString("0.00")),
	}
}

// Largest returns details with the largest values that the rules allow.
func Largest() product.Details {
	return product.Details{
		Sku:   new("1"),
		Title: new(strings.Repeat("🙂", 200)),
		Price: new(decimal.RequireFromString("9999999999.99")),
	}
}

// Product returns a product that was created at the given time with [Details].
func Product(created time.Time) product.Product {
	return FromDetails(Details(), created)
}

// FromDetails returns a product that was created at the given time with valid details.
func FromDetails(details product.Details, created time.Time) product.Product {
	p, err := product.New(uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-00000000000a"), details, created)
	if err != nil {
		panic(err)
	}
	return p
}
