package shipment

import (
	"github.com/google/uuid"
)

// Query says which shipments a list has, and in which order. Shipments that are equal in SortBy are sorted by id.
type Query struct {
	Filter     Filter
	SortBy     SortKey
	Descending bool
	// After is where the page before ended. Nil asks for the first page.
	After *Position
	Limit int
}

// Filter keeps the shipments that have every given value. Nil does not filter.
type Filter struct {
	OrderID *uuid.UUID
}

// SortKey names what shipments can be sorted by.
type SortKey string

// The sort keys.
const (
	SortByCreatedAt SortKey = "created_at"
	SortByUpdatedAt SortKey = "updated_at"
	SortByOrderID   SortKey = "order_id"
)

// Position is a place in a sorted list, as text: the sort key's value and the id of the shipment there.
type Position struct {
	Value string
	ID    string
}

// timeText writes every time with the same number of digits, so that texts sort as the times do.
const timeText = "2006-01-02T15:04:05.000000Z07:00"

// Position returns where sh stands in a list sorted by key.
func (sh *Shipment) Position(key SortKey) Position {
	switch key {
	case SortByUpdatedAt:
		return Position{Value: sh.UpdatedAt.Format(timeText), ID: sh.ID.String()}
	case SortByOrderID:
		return Position{Value: sh.OrderID.String(), ID: sh.ID.String()}
	default:
		return Position{Value: sh.CreatedAt.Format(timeText), ID: sh.ID.String()}
	}
}
