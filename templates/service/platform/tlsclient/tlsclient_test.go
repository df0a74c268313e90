package tlsclient_test

import (
	"crypto/tls"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"create-service/templates/service/platform/tlsclient"
)

func TestConfigTrustsTheFile(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	file := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	require.NoError(t, os.WriteFile(file, text, 0o600))
	for name, trusted := range map[string]string{"its authority": file, "those of the system": ""} {
		t.Run(name, func(t *testing.T) {
			settings, err := tlsclient.Config("PEER_TLS_CA_FILE", trusted)
			require.NoError(t, err)
			require.Equal(t, uint16(tls.VersionTLS12), settings.MinVersion)
			connection, err := (&tls.Dialer{Config: settings}).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
			if trusted == "" {
				require.ErrorContains(t, err, "unknown authority")
				return
			}
			require.NoError(t, err)
			require.NoError(t, connection.Close())
		})
	}
}

func TestConfigNamesTheKey(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	for file, want := range map[string]string{
		empty:             "PEER_TLS_CA_FILE: no certificate in " + empty,
		empty + ".absent": "PEER_TLS_CA_FILE: open ",
	} {
		_, err := tlsclient.Config("PEER_TLS_CA_FILE", file)
		require.ErrorContains(t, err, want)
	}
}
