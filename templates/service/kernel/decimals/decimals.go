// Package decimals checks exact decimal numbers.
package decimals

import (
	"fmt"

	"github.com/shopspring/decimal"

	"create-service/templates/service/kernel/fault"
)

// largestExponent bounds what is calculated with at all: 1e9999 is a short text and a huge number. It is well
// above the 38 digits of a field.
const largestExponent = 100

// Fit checks that a value has at most precision digits, scale of them after the point. Nil was not given.
func Fit(c *fault.Checks, field string, value *decimal.Decimal, precision, scale int32) {
	if value == nil {
		return
	}
	if !calculable(*value) || tooLong(*value, precision, scale) {
		c.Add(field, "digits", fmt.Sprintf("must have at most %d digits before the point and %d after it", precision-scale, scale))
	}
}

// AtLeast checks that a value is not below the smallest, a decimal literal. Nil was not given.
func AtLeast(c *fault.Checks, field string, value *decimal.Decimal, smallest string) {
	if value != nil && calculable(*value) && value.LessThan(decimal.RequireFromString(smallest)) {
		c.Add(field, "min", "must be at least "+smallest)
	}
}

// AtMost checks that a value is not above the largest, a decimal literal. Nil was not given.
func AtMost(c *fault.Checks, field string, value *decimal.Decimal, largest string) {
	if value != nil && calculable(*value) && value.GreaterThan(decimal.RequireFromString(largest)) {
		c.Add(field, "max", "must be at most "+largest)
	}
}

// Same reports whether two values are equal as numbers, or both absent.
func Same(a, b *decimal.Decimal) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(*b)
}

func calculable(d decimal.Decimal) bool {
	return -largestExponent <= d.Exponent() && d.Exponent() <= largestExponent && d.NumDigits() <= largestExponent
}

func tooLong(d decimal.Decimal, precision, scale int32) bool {
	return !d.Round(scale).Equal(d) || d.Abs().GreaterThanOrEqual(decimal.New(1, precision-scale))
}
