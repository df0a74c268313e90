package e2e_test

import (
	"strings"
	"testing"
)

func TestPlaintextIsForDevelopment(t *testing.T) {
	s := prepare(t)
	if text := s.wantFailure(t, []string{"TLS_MODE=off", "ENVIRONMENT=prod"}, "serve"); !strings.Contains(text, "TLS_MODE") {
		t.Errorf("the error does not name TLS_MODE:\n%s", text)
	}
}
