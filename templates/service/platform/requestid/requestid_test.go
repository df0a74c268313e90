package requestid_test

import (
	"strings"
	"testing"

	"create-service/templates/service/platform/requestid"
)

func TestOf(t *testing.T) {
	tests := []struct {
		name, sent string
		kept       bool
	}{
		{"a UUID", "01890a5d-ac96-774b-bcce-b302099a8057", true},
		{"every kind of character", "aZ09-_.", true},
		{"64 characters", strings.Repeat("a", 64), true},
		{"65 characters", strings.Repeat("a", 65), false},
		{"none", "", false},
		{"a line break", "a\nb", false},
		{"a quote", `a"b`, false},
		{"not ASCII", "ä", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := requestid.Of(tt.sent)
			if kept := got == tt.sent; kept != tt.kept || got == "" {
				t.Errorf("%q becomes %q, want it kept: %t", tt.sent, got, tt.kept)
			}
		})
	}
	if first, second := requestid.Of(""), requestid.Of(""); first == second {
		t.Errorf("two requests have the id %s", first)
	}
}
