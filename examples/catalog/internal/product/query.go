package product

import (
	"github.com/shopspring/decimal"
)

// Query says which products a list has, and in which order. Products that are equal in SortBy are sorted by id.
type Query struct {
	Filter     Filter
	SortBy     SortKey
	Descending bool
	// After is where the page before ended. Nil asks for the first page.
	After *Position
	Limit int
}

// Filter keeps the products that have every given value. Nil does not filter.
type Filter struct {
	Sku   *string
	Price *decimal.Decimal
}

// SortKey names what products can be sorted by.
type SortKey string

// The sort keys.
const (
	SortByCreatedAt SortKey = "created_at"
	SortByUpdatedAt SortKey = "updated_at"
	SortBySku       SortKey = "sku"
	SortByPrice     SortKey = "price"
)

// Position is a place in a sorted list, as text: the sort key's value and the id of the product there.
type Position struct {
	Value string
	ID    string
}

// timeText writes every time with the same number of digits, so that texts sort as the times do.
const timeText = "2006-01-02T15:04:05.000000Z07:00"

// Position returns where p stands in a list sorted by key.
func (p *Product) Position(key SortKey) Position {
	switch key {
	case SortByUpdatedAt:
		return Position{Value: p.UpdatedAt.Format(timeText), ID: p.ID.String()}
	case SortBySku:
		return Position{Value: p.Sku, ID: p.ID.String()}
	case SortByPrice:
		return Position{Value: p.Price.String(), ID: p.ID.String()}
	default:
		return Position{Value: p.CreatedAt.Format(timeText), ID: p.ID.String()}
	}
}
