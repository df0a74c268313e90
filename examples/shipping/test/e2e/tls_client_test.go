package e2e_test

import (
	"crypto/tls"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/acme/shipping/internal/platform/certtest"
)

// certificateDir is where the service has its certificate from.
func (s *service) certificateDir() (dir string) {
	for _, pair := range s.environ {
		if value, found := strings.CutPrefix(pair, "TLS_DIR="); found {
			dir = value
		}
	}
	return dir
}

// tlsConfig is that of a client whom the service lets in.
func (s *service) tlsConfig(t *testing.T) *tls.Config {
	t.Helper()
	files, err := certtest.Read(filepath.Join(filepath.Dir(s.certificateDir()), "client"))
	if err != nil {
		t.Fatal(err)
	}
	return clientConfig(t, files)
}

func clientConfig(t *testing.T, files certtest.Files) *tls.Config {
	t.Helper()
	cfg, err := files.ClientConfig()
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// client returns a client of the REST API.
func (s *service) client(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{TLSClientConfig: s.tlsConfig(t), ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}
