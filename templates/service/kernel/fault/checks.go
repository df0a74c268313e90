package fault

import (
	"cmp"
	"fmt"
	"regexp"
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

// Size checks how many bytes a value takes.
func (c *Checks) Size(field string, bytes, largest int) {
	if bytes > largest {
		c.Add(field, "max", fmt.Sprintf("must have at most %d bytes", largest))
	}
}

// Pattern checks that a text matches the pattern.
func (c *Checks) Pattern(field string, value *string, pattern *regexp.Regexp) {
	if value != nil && !pattern.MatchString(*value) {
		c.Add(field, "pattern", "must match "+pattern.String())
	}
}

// Err returns nil when no rule was broken, else one [*Error] of kind [Invalid] with all violations.
func (c *Checks) Err() error {
	if len(c.violations) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Message: "some fields are not valid", Violations: c.violations}
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
