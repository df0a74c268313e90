package fault

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"
)

// Checks collects every rule that a set of values breaks, so that the caller learns of all of them at once. A nil
// value was not given and breaks no rule but [Checks.Required].
type Checks struct {
	violations []Violation
}

// Add records that field breaks rule.
func (c *Checks) Add(field, rule, message string) {
	c.violations = append(c.violations, Violation{Field: field, Rule: rule, Message: message})
}

// Required records a violation unless the field was given.
func (c *Checks) Required(field string, given bool) {
	if !given {
		c.Add(field, "required", "is required")
	}
}

// Immutable records a violation if the field would change.
func (c *Checks) Immutable(field string, changed bool) {
	if changed {
		c.Add(field, "immutable", "cannot be changed")
	}
}

// Length checks a text's length in characters (Unicode code points), shortest and longest inclusive.
func (c *Checks) Length(field string, value *string, shortest, longest int) {
	if value == nil {
		return
	}
	switch n := utf8.RuneCountInString(*value); {
	case n < shortest:
		c.Add(field, "min", fmt.Sprintf("must have at least %d characters", shortest))
	case n > longest:
		c.Add(field, "max", fmt.Sprintf("must have at most %d characters", longest))
	}
}

// Pattern checks that a text matches the pattern.
func (c *Checks) Pattern(field string, value *string, pattern *regexp.Regexp) {
	if value != nil && !pattern.MatchString(*value) {
		c.Add(field, "pattern", "must match "+pattern.String())
	}
}

// Size checks how many bytes a value takes.
func (c *Checks) Size(field string, size, largest int) {
	if size > largest {
		c.Add(field, "max", fmt.Sprintf("must have at most %d bytes", largest))
	}
}

// Bytes checks how many bytes a text takes.
func (c *Checks) Bytes(field string, value *string, largest int) {
	if value != nil {
		c.Size(field, len(*value), largest)
	}
}

// Time checks that a time is one that databases keep: MySQL's DATETIME begins with the year 1000.
func (c *Checks) Time(field string, value *time.Time) {
	if value != nil && (value.Year() < 1000 || value.Year() > 9999) {
		c.Add(field, "range", "must be between the years 1000 and 9999")
	}
}

// Err returns nil when no rule was broken, else one [*Error] of kind [Invalid] with all violations.
func (c *Checks) Err() error {
	if len(c.violations) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: "some fields are not valid", Violations: c.violations}
}

// OneOf checks that a value is one of those allowed.
func OneOf[T ~string](c *Checks, field string, value *T, allowed ...T) {
	if value != nil && !slices.Contains(allowed, *value) {
		c.Add(field, "enum", fmt.Sprintf("must be one of %v", allowed))
	}
}

// AtLeast checks that a number is not below the smallest.
func AtLeast[T cmp.Ordered](c *Checks, field string, value *T, smallest T) {
	if value != nil && *value < smallest {
		c.Add(field, "min", fmt.Sprintf("must be at least %v", smallest))
	}
}

// AtMost checks that a number is not above the largest.
func AtMost[T cmp.Ordered](c *Checks, field string, value *T, largest T) {
	if value != nil && *value > largest {
		c.Add(field, "max", fmt.Sprintf("must be at most %v", largest))
	}
}

// Same reports whether two values are equal, or both absent.
func Same[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// SameJSON reports whether two JSON texts have the same value, or both are absent.
func SameJSON(a, b json.RawMessage) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}
