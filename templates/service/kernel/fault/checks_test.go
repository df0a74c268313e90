package fault_test

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"create-service/templates/service/kernel/fault"
)

func TestChecks(t *testing.T) {
	upper := regexp.MustCompile(`^[A-Z]+$`)
	tests := []struct {
		name  string
		check func(*fault.Checks)
		want  []string
	}{
		{"required and absent", func(c *fault.Checks) { c.Required("f", false) }, []string{"f: required"}},
		{"required and given", func(c *fault.Checks) { c.Required("f", true) }, nil},
		{"immutable and changed", func(c *fault.Checks) { c.Immutable("f", true) }, []string{"f: immutable"}},
		{"length counts characters", func(c *fault.Checks) { c.Length("f", new("äöü"), 3, 3) }, nil},
		{"too short", func(c *fault.Checks) { c.Length("f", new("ab"), 3, 5) }, []string{"f: min"}},
		{"too long", func(c *fault.Checks) { c.Length("f", new("abcdef"), 3, 5) }, []string{"f: max"}},
		{"bytes", func(c *fault.Checks) { c.Bytes("f", new("äöü"), 5) }, []string{"f: max"}},
		{"bytes that fit", func(c *fault.Checks) { c.Bytes("f", new("äöü"), 6) }, nil},
		{"pattern", func(c *fault.Checks) { c.Pattern("f", new("a"), upper) }, []string{"f: pattern"}},
		{"pattern that matches", func(c *fault.Checks) { c.Pattern("f", new("A"), upper) }, nil},
		{"below", func(c *fault.Checks) { fault.AtLeast(c, "f", new(int32(1)), 2) }, []string{"f: min"}},
		{"at the least", func(c *fault.Checks) { fault.AtLeast(c, "f", new(int32(2)), 2) }, nil},
		{"above", func(c *fault.Checks) { fault.AtMost(c, "f", new(2.5), 2) }, []string{"f: max"}},
		{"at the most", func(c *fault.Checks) { fault.AtMost(c, "f", new(2.0), 2) }, nil},
		{"not one of", func(c *fault.Checks) { fault.OneOf(c, "f", new("c"), "a", "b") }, []string{"f: enum"}},
		{"one of", func(c *fault.Checks) { fault.OneOf(c, "f", new("b"), "a", "b") }, nil},
		{"year 999", func(c *fault.Checks) { c.Time("f", new(time.Date(999, 12, 31, 0, 0, 0, 0, time.UTC))) }, []string{"f: range"}},
		{"nothing given", func(c *fault.Checks) {
			c.Length("f", nil, 1, 2)
			c.Bytes("f", nil, 0)
			c.Pattern("f", nil, upper)
			c.Time("f", nil)
			fault.AtLeast[int](c, "f", nil, 1)
			fault.AtMost[int](c, "f", nil, 1)
			fault.OneOf[string](c, "f", nil)
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var c fault.Checks
			tt.check(&c)
			if diff := cmp.Diff(tt.want, rules(c.Err())); diff != "" {
				t.Errorf("rules broken (-want +got):\n%s", diff)
			}
		})
	}
}

func TestChecksHideValues(t *testing.T) {
	const personal = "jane@example.com"
	var c fault.Checks
	c.Length("email", new(personal), 100, 200)
	c.Pattern("email", new(personal), regexp.MustCompile("^x$"))
	fault.OneOf(&c, "email", new(personal), "a")
	if text := c.Err().Error(); strings.Contains(text, "jane") {
		t.Errorf("the error holds the value: %s", text)
	}
}

func TestSame(t *testing.T) {
	if !fault.Same(new(1), new(1)) || fault.Same(new(1), new(2)) || fault.Same(new(1), nil) || !fault.Same[int](nil, nil) {
		t.Error("Same is wrong")
	}
}

func TestSameJSON(t *testing.T) {
	tests := []struct {
		a, b json.RawMessage
		want bool
	}{
		{nil, nil, true},
		{nil, json.RawMessage(`null`), false},
		{json.RawMessage(`{"a": 1, "b": 2}`), json.RawMessage(`{"b":2,"a":1}`), true},
		{json.RawMessage(`[1,2]`), json.RawMessage(`[2,1]`), false},
	}
	for _, tt := range tests {
		if got := fault.SameJSON(tt.a, tt.b); got != tt.want {
			t.Errorf("SameJSON(%s, %s) = %t, want %t", tt.a, tt.b, got, tt.want)
		}
	}
}

func rules(err error) []string {
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		return nil
	}
	var broken []string
	for _, v := range refusal.Violations {
		broken = append(broken, v.Field+": "+v.Rule)
	}
	return broken
}
