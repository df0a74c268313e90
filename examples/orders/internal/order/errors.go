package order

import "github.com/acme/orders/internal/fault"

// What the use cases refuse, beside details that break a rule and actions in the wrong state.
var (
	ErrNotFound = fault.New(fault.NotFound, "no such order")
	ErrStale    = fault.New(fault.Stale, "the order has changed since the given version")

	ErrTooManyOpen = fault.New(fault.Unavailable, "too many orders are open; try again later")
)
