package jsonbody

import (
	"encoding/json"

	"github.com/shopspring/decimal"
)

// Raw is [To] for a member that takes any value, kept as it came. Null makes *dst nil.
func Raw(name string, dst *json.RawMessage) Field {
	return Field{name: name, read: func(value []byte) error {
		if isNull(value) {
			*dst = nil
			return nil
		}
		return parseAny(value, dst)
	}}
}

// Fixed returns a decimal with exactly places digits after the point; nil stays nil.
func Fixed(d *decimal.Decimal, places int32) *string {
	if d == nil {
		return nil
	}
	return new(d.StringFixed(places))
}
