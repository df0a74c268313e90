package shipment

import "github.com/acme/shipping/internal/fault"

// What the use cases refuse, beside details that break a rule and actions in the wrong state.
var (
	ErrNotFound     = fault.New(fault.NotFound, "no such shipment")
	ErrStale        = fault.New(fault.Stale, "the shipment has changed since the given version")
	ErrOrderIDTaken = fault.Field(fault.Exists, "order_id", "unique", "is taken")
)
