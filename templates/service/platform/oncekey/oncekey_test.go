package oncekey_test

import (
	"strings"
	"testing"

	"create-service/templates/service/platform/caller"
	"create-service/templates/service/platform/oncekey"
)

func TestIsValid(t *testing.T) {
	tests := []struct {
		name, key string
		want      bool
	}{
		{"a UUID", "01890a5d-ac96-774b-bcce-b302099a8057", true},
		{"one character", "~", true},
		{"a space", "k 1", true},
		{"255 characters", strings.Repeat("k", 255), true},
		{"256 characters", strings.Repeat("k", 256), false},
		{"none", "", false},
		{"a tab", "a\tb", false},
		{"not ASCII", "schlüssel", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := oncekey.IsValid(tt.key); got != tt.want {
				t.Errorf("%q is valid: %t, want %t", tt.key, got, tt.want)
			}
		})
	}
}

func TestUnit(t *testing.T) {
	unit := oncekey.Unit(t.Context(), "POST /v1/orders", "k 1", []byte("a"), []byte("bc"))
	if unit.Once != "POST /v1/orders k 1" || !unit.IsOnce() {
		t.Errorf("the once-key is %q", unit.Once)
	}
	if again := oncekey.Unit(t.Context(), "POST /v1/orders", "k 2", []byte("a"), []byte("bc")); again.Digest != unit.Digest {
		t.Error("the digest is not that of the request alone")
	}
	for _, other := range [][][]byte{{[]byte("ab"), []byte("c")}, {[]byte("a"), []byte("b")}, {[]byte("a"), []byte("bc"), nil}} {
		if oncekey.Unit(t.Context(), "", "", other...).Digest == unit.Digest {
			t.Errorf("%q has the digest of another request", other)
		}
	}
}

func TestAKeyBelongsToItsCaller(t *testing.T) {
	seen := map[string]string{}
	for _, name := range []string{"", "ada", "bob", strings.Repeat("x", 300)} {
		unit := oncekey.Unit(caller.With(t.Context(), name), "POST /v1/orders", strings.Repeat("k", oncekey.Longest))
		if other, taken := seen[unit.Once]; taken {
			t.Errorf("%q and %q have one key", other, name)
		}
		seen[unit.Once] = name
		if len(unit.Once) > 512 {
			t.Errorf("the once-key of a caller has %d bytes, more than a column of a store", len(unit.Once))
		}
	}
}
