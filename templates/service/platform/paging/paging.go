// Package paging reads what a list request asks for and makes the tokens that lead from page to page.
//
// Lists are read by keyset: a token says where the last page ended, as the value sorted by and the id, so a page
// costs the same wherever it lies and rows that come or go do not shift it.
package paging

import (
	"fmt"
	"slices"
	"strings"

	"create-service/templates/service/kernel/fault"
)

const (
	// DefaultSize is the number of items on a page when the request does not say.
	DefaultSize = 50
	// LargestSize is the most items on a page; a request for more gets this many (AIP-158).
	LargestSize = 200
)

// Request is what a caller asks for, as it came.
type Request struct {
	// Size is the number of items wanted; 0 for the default.
	Size int
	// Token is the token of the page before; empty for the first page.
	Token string
	// OrderBy is "field", "field asc" or "field desc"; empty for the default.
	OrderBy string
	// Filter holds the filters in use, value by name. A token works only with the filters it was made with.
	Filter map[string]string
}

// Rules says what a list allows.
type Rules struct {
	// Collection names the list, for example "orders". A token works only in the collection it was made in.
	Collection string
	// OrderBy lists the fields that the list can be sorted by. The value of the field travels in tokens, and so in
	// URLs: leave out personal data.
	OrderBy []string
	// Default is the order when the request does not say, in the request's form, for example "created_at desc".
	Default string
}

// Order is how a list is sorted. The id, in the same direction, breaks ties.
type Order struct {
	Field      string
	Descending bool
}

// String returns the order in the form of a request.
func (o Order) String() string {
	if o.Descending {
		return o.Field + " desc"
	}
	return o.Field + " asc"
}

// Cursor is where a page ended: the last item's value of the field sorted by, in a text form that the store
// chooses, and its id.
type Cursor struct {
	Value string
	ID    string
}

// Page is one page of a list.
type Page struct {
	// Size is the number of items on the page, 1 to LargestSize.
	Size int
	// Order is how the list is sorted.
	Order Order
	// After is where the page before ended; nil for the first page.
	After *Cursor

	scope scope
}

// Page checks a request. The error is a [fault.Malformed] that names the parameter.
func (r Rules) Page(q Request) (Page, error) {
	if q.Size < 0 {
		return Page{}, fault.Field(fault.Malformed, "page_size", "min", "must not be negative")
	}
	order, err := r.order(q.OrderBy)
	if err != nil {
		return Page{}, err
	}
	page := Page{Size: size(q.Size), Order: order, scope: newScope(r.Collection, order, q.Filter)}
	if q.Token == "" {
		return page, nil
	}
	cursor, ok := page.scope.open(q.Token)
	if !ok {
		return Page{}, fault.Field(fault.Malformed, "page_token", "token", "is not a token of this list with these filters and this order")
	}
	page.After = &cursor
	return page, nil
}

func size(wanted int) int {
	if wanted == 0 {
		return DefaultSize
	}
	return min(wanted, LargestSize)
}

// order parses "field [asc|desc]".
func (r Rules) order(orderBy string) (Order, error) {
	words := strings.Fields(orderBy)
	if len(words) == 0 {
		words = strings.Fields(r.Default)
	}
	descending := len(words) == 2 && words[1] == "desc"
	wellFormed := len(words) == 1 || descending || len(words) == 2 && words[1] == "asc"
	if !wellFormed || !slices.Contains(r.OrderBy, words[0]) {
		message := fmt.Sprintf("must be one of %s, with asc or desc behind it if wanted", strings.Join(r.OrderBy, ", "))
		return Order{}, fault.Field(fault.Malformed, "order_by", "order", message)
	}
	return Order{Field: words[0], Descending: descending}, nil
}

// Limit is how many rows to read: one more than the page has shows whether there is a next page.
func (p Page) Limit() int { return p.Size + 1 }

// Cut takes the rows that were read with [Page.Limit] and returns those of the page and the token of the next one,
// which is empty on the last page. end returns the cursor of a row.
func Cut[T any](p Page, rows []T, end func(T) Cursor) ([]T, string) {
	if len(rows) <= p.Size {
		return rows, ""
	}
	rows = rows[:p.Size]
	return rows, p.scope.seal(end(rows[p.Size-1]))
}
