package product

import "github.com/acme/catalog/internal/fault"

// What the use cases refuse, beside details that break a rule and actions in the wrong state.
var (
	ErrNotFound = fault.New(fault.NotFound, "no such product")
	ErrStale    = fault.New(fault.Stale, "the product has changed since the given version")
	ErrSkuTaken = fault.Field(fault.Exists, "sku", "unique", "is taken")
)
