package e2e_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/acme/orders/internal/platform/certtest"
)

// certificates makes an authority of the test's own and returns the environment of a service that it knows. Beside the
// service's directory is that of a client.
func certificates(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	if err := certtest.Development(dir, "orders"); err != nil {
		t.Fatal(err)
	}
	return []string{"TLS_DIR=" + filepath.Join(dir, "orders"), "TLS_RELOAD_INTERVAL=50ms"}
}

func TestPlaintextIsForDevelopment(t *testing.T) {
	s := prepare(t)
	if text := s.wantFailure(t, []string{"TLS_MODE=off", "ENVIRONMENT=prod"}, "serve"); !strings.Contains(text, "TLS_MODE") {
		t.Errorf("the error does not name TLS_MODE:\n%s", text)
	}
}
