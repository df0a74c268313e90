package mongodb_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace/noop"

	"create-service/templates/components/mongodb/platform/mongodb"
	"create-service/templates/components/mongodb/platform/mongotest"
	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/platform/config"
)

func silent() mongodb.Deps {
	return mongodb.Deps{Registry: prometheus.NewRegistry(), Tracing: noop.NewTracerProvider()}
}

func TestOpenRefusesWhatWaitingCannotMend(t *testing.T) {
	t.Parallel()
	t.Run("an account that the server does not know", func(t *testing.T) {
		cfg := mongotest.Database(t)
		cfg.User, cfg.Password = "nobody", "wrong-password"
		_, err := mongodb.Open(t.Context(), cfg, schema(t), silent())
		require.Error(t, err)
		require.NotContains(t, err.Error(), "wrong-password")
	})
	t.Run("CA file without certificates", func(t *testing.T) {
		cfg := mongotest.Database(t)
		cfg.TLS, cfg.TLSCAFile = "verify", "open_test.go"
		_, err := mongodb.Open(t.Context(), cfg, schema(t), silent())
		require.ErrorContains(t, err, "MONGODB_TLS_CA_FILE")
	})
}

func TestOpenAcceptsAServerThatIsDown(t *testing.T) {
	t.Parallel()
	cfg := mongotest.Database(t)
	cfg.URI = "mongodb://127.0.0.1:1/"
	cfg.ServerSelectionTimeout = 200 * time.Millisecond
	db, err := mongodb.Open(t.Context(), cfg, schema(t), silent())
	require.NoError(t, err)
	began := time.Now()
	err = db.Check(t.Context())
	require.Equal(t, fault.Unavailable, fault.KindOf(err), err)
	require.ErrorContains(t, err, cfg.Database)
	require.Less(t, time.Since(began), 2*time.Second)
	require.NoError(t, db.Close(context.WithoutCancel(t.Context())))
}

func TestOpenRefusesASecondRegistration(t *testing.T) {
	t.Parallel()
	cfg := mongotest.Database(t)
	deps := silent()
	first, err := mongodb.Open(t.Context(), cfg, schema(t), deps)
	require.NoError(t, err)
	_, err = mongodb.Open(t.Context(), cfg, schema(t), deps)
	require.ErrorAs(t, err, new(prometheus.AlreadyRegisteredError))
	require.NoError(t, first.Close(t.Context()))
	again, err := mongodb.Open(t.Context(), cfg, schema(t), deps)
	require.NoError(t, err)
	require.NoError(t, again.Close(t.Context()))
}

func TestPoolIsMeasured(t *testing.T) {
	t.Parallel()
	all := open(t)
	all.create(t, "a")
	count, err := testutil.GatherAndCount(all.registry, "db_client_connections", "db_client_connections_used", "db_client_connections_max",
		"db_client_connection_pending_requests", "db_client_connection_timeouts_total", "db_client_connection_wait_time_seconds")
	require.NoError(t, err)
	require.Equal(t, 6, count)
	families, err := all.registry.Gather()
	require.NoError(t, err)
	values := map[string]float64{}
	for _, family := range families {
		values[family.GetName()] = family.GetMetric()[0].GetGauge().GetValue()
	}
	require.GreaterOrEqual(t, values["db_client_connections"], 1.0)
	require.Zero(t, values["db_client_connections_used"])
	require.Zero(t, values["db_client_connection_pending_requests"])
	require.InDelta(t, 50, values["db_client_connections_max"], 0)
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ set, want string }{
		"no URI":                   {"MONGODB_URI=here", "MONGODB_URI is not a URI"},
		"an unknown scheme":        {"MONGODB_URI=http://127.0.0.1/", "MONGODB_URI"},
		"an option without sense":  {"MONGODB_URI=mongodb://127.0.0.1/?directConnection=perhaps", "MONGODB_URI"},
		"a password in the URI":    {"MONGODB_URI=mongodb://jane:secret-word@127.0.0.1/", "MONGODB_URI must not hold an account"},
		"TLS mode":                 {"MONGODB_TLS=maybe", "MONGODB_TLS must be off or verify"},
		"CA without verification":  {"MONGODB_TLS_CA_FILE=/ca.pem", "MONGODB_TLS_CA_FILE has no effect"},
		"selection over operation": {"MONGODB_SERVER_SELECTION_TIMEOUT=6s", "MONGODB_SERVER_SELECTION_TIMEOUT must not be longer"},
		"empty pool":               {"MONGODB_POOL_SIZE=0", "MONGODB_POOL_SIZE"},
	} {
		t.Run(name, func(t *testing.T) {
			var loaded struct{ MongoDB mongodb.Config }
			err := config.Load(&loaded, []string{"MONGODB_DATABASE=d", c.set})
			require.ErrorContains(t, err, c.want)
			require.NotContains(t, err.Error(), "secret-word")
		})
	}
}

func TestEncryption(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	certificate := writeCertificate(t, filepath.Join(dir, "server.crt"))
	writeCertificate(t, filepath.Join(dir, "stranger.crt"))
	for name, c := range map[string]struct {
		ca      string
		refused bool
	}{
		"verify":            {ca: "server.crt"},
		"another authority": {ca: "stranger.crt", refused: true},
		"the system's":      {refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := mongotest.Database(t)
			cfg.URI = "mongodb://" + encrypted(t, cfg.URI, certificate) + "/"
			cfg.ServerSelectionTimeout = time.Second
			cfg.TLS = "verify"
			if c.ca != "" {
				cfg.TLSCAFile = filepath.Join(dir, c.ca)
			}
			db, err := mongodb.Open(t.Context(), cfg, schema(t), silent())
			require.NoError(t, err)
			err = db.Check(t.Context())
			if c.refused {
				require.ErrorContains(t, err, "certificate")
			} else {
				require.NoError(t, err)
			}
			require.NoError(t, db.Close(context.WithoutCancel(t.Context())))
		})
	}
}

// encrypted returns the address of what ends the encryption in front of a server.
func encrypted(t *testing.T, uri string, certificate tls.Certificate) string {
	t.Helper()
	target, err := url.Parse(uri)
	require.NoError(t, err)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", target.Host)
			if err != nil {
				_ = client.Close()
				continue
			}
			go pipe(client, server)
			go pipe(server, client)
		}
	}()
	return listener.Addr().String()
}

func pipe(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
}

// writeCertificate writes a certificate that vouches for itself and for 127.0.0.1.
func writeCertificate(t *testing.T, path string) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), 0o600))
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
}
