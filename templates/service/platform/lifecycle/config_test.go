package lifecycle_test

import (
	"testing"
	"time"

	"create-service/templates/service/platform/lifecycle"
)

func TestConfigLeavesTimeBeforeTheProcessIsKilled(t *testing.T) {
	tests := []struct {
		name   string
		change func(*lifecycle.Config)
		valid  bool
	}{
		{name: "defaults", change: func(*lifecycle.Config) {}, valid: true},
		{name: "one second to spare", change: func(c *lifecycle.Config) { c.Delay = 14 * time.Second }, valid: true},
		{name: "nothing to spare", change: func(c *lifecycle.Config) { c.Delay = 15 * time.Second }},
		{name: "long drain", change: func(c *lifecycle.Config) { c.Drain = 32 * time.Second }},
		{name: "each later phase counts", change: func(c *lifecycle.Config) { c.Close = 7 * time.Second }},
		{name: "short grace", change: func(c *lifecycle.Config) { c.Grace = 30 * time.Second }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cfg := defaults(t)
			test.change(&cfg)
			if err := cfg.Validate(); (err == nil) != test.valid {
				t.Errorf("Validate() = %v, want valid %t", err, test.valid)
			}
		})
	}
}
