package decimals_test

import (
	"errors"
	"testing"

	"github.com/shopspring/decimal"

	"create-service/templates/service/kernel/decimals"
	"create-service/templates/service/kernel/fault"
)

func TestFit(t *testing.T) {
	tests := []struct {
		value string
		fits  bool
	}{
		{"0", true},
		{"9999999999.99", true},
		{"-9999999999.99", true},
		{"10000000000", false},
		{"1.100", true},
		{"1.101", false},
		{"1e9", true},
		{"1e10", false},
		{"1e9999", false},
		{"1e-9999", false},
	}
	for _, tt := range tests {
		t.Run(tt.value, func(t *testing.T) {
			value := decimal.RequireFromString(tt.value)
			var c fault.Checks
			decimals.Fit(&c, "total", &value, 12, 2)
			if got := c.Err() == nil; got != tt.fits {
				t.Errorf("Fit(%s) in DECIMAL(12,2): fits %t, want %t", tt.value, got, tt.fits)
			}
		})
	}
}

func TestBounds(t *testing.T) {
	tests := []struct {
		value string
		rules []string
	}{
		{"-0.01", []string{"min"}},
		{"0.00", nil},
		{"10.5", nil},
		{"10.500000001", []string{"max"}},
		{"1e9999", nil},
	}
	for _, tt := range tests {
		t.Run(tt.value, func(t *testing.T) {
			value := decimal.RequireFromString(tt.value)
			var c fault.Checks
			decimals.AtLeast(&c, "total", &value, "0")
			decimals.AtMost(&c, "total", &value, "10.5")
			if got := rules(c.Err()); len(got) != len(tt.rules) || len(got) > 0 && got[0] != tt.rules[0] {
				t.Errorf("rules broken by %s: %v, want %v", tt.value, got, tt.rules)
			}
		})
	}
}

func rules(err error) []string {
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		return nil
	}
	var names []string
	for _, v := range refusal.Violations {
		names = append(names, v.Rule)
	}
	return names
}
