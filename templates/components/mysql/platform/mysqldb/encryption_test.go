package mysqldb_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"create-service/templates/components/mysql/platform/mysqldb"
)

func TestEncryption(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeCertificate(t, filepath.Join(dir, "server"))
	writeCertificate(t, filepath.Join(dir, "stranger"))
	server := startOwnServer(t, "MYSQL_SETTINGS=ssl-cert="+dir+"/server.crt\nssl-key="+dir+"/server.key")
	for name, c := range map[string]struct {
		environ   []string
		encrypted bool
		refused   bool
	}{
		"off":               {environ: []string{"MYSQL_TLS=off"}},
		"preferred":         {environ: []string{"MYSQL_TLS=preferred"}, encrypted: true},
		"verify":            {environ: []string{"MYSQL_TLS=verify", "MYSQL_TLS_CA_FILE=" + dir + "/server.crt"}, encrypted: true},
		"another authority": {environ: []string{"MYSQL_TLS=verify", "MYSQL_TLS_CA_FILE=" + dir + "/stranger.crt"}, refused: true},
		"the system's":      {environ: []string{"MYSQL_TLS=verify"}, refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := mysqldb.Open(t.Context(), server.config(t, c.environ...), silent())
			require.NoError(t, err)
			defer db.Close()
			if c.refused {
				require.ErrorAs(t, db.Check(t.Context()), new(x509.UnknownAuthorityError))
				return
			}
			var variable, cipher string
			require.NoError(t, db.QueryRowContext(t.Context(), "SHOW STATUS LIKE 'Ssl_cipher'").Scan(&variable, &cipher))
			require.Equal(t, c.encrypted, cipher != "")
		})
	}
}

// writeCertificate writes path.crt, which vouches for itself and for 127.0.0.1, and path.key.
func writeCertificate(t *testing.T, path string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	encoded, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	writePEM(t, path+".crt", "CERTIFICATE", certificate)
	writePEM(t, path+".key", "PRIVATE KEY", encoded)
}

func writePEM(t *testing.T, path, kind string, der []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600))
}
