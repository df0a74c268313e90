package order

import (
	"github.com/google/uuid"
)

// Query says which orders a list has, and in which order. Orders that are equal in SortBy are sorted by id.
type Query struct {
	Filter     Filter
	SortBy     SortKey
	Descending bool
	// After is where the page before ended. Nil asks for the first page.
	After *Position
	Limit int
}

// Filter keeps the orders that have every given value. Nil does not filter.
type Filter struct {
	CustomerID *uuid.UUID
	ProductID  *uuid.UUID
}

// SortKey names what orders can be sorted by.
type SortKey string

// The sort keys.
const (
	SortByCreatedAt  SortKey = "created_at"
	SortByUpdatedAt  SortKey = "updated_at"
	SortByCustomerID SortKey = "customer_id"
)

// Position is a place in a sorted list, as text: the sort key's value and the id of the order there.
type Position struct {
	Value string
	ID    string
}

// timeText writes every time with the same number of digits, so that texts sort as the times do.
const timeText = "2006-01-02T15:04:05.000000Z07:00"

// Position returns where o stands in a list sorted by key.
func (o *Order) Position(key SortKey) Position {
	switch key {
	case SortByUpdatedAt:
		return Position{Value: o.UpdatedAt.Format(timeText), ID: o.ID.String()}
	case SortByCustomerID:
		return Position{Value: o.CustomerID.String(), ID: o.ID.String()}
	default:
		return Position{Value: o.CreatedAt.Format(timeText), ID: o.ID.String()}
	}
}
