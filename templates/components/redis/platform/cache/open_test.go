package cache_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/trace/noop"

	"create-service/templates/components/redis/platform/cache"
	"create-service/templates/service/platform/config"
	"create-service/templates/service/platform/redistest"
)

func deps() cache.Deps {
	return cache.Deps{
		Service:  "shop",
		Registry: prometheus.NewRegistry(),
		Tracing:  noop.NewTracerProvider(),
		Log:      slog.New(slog.DiscardHandler),
	}
}

// closeNow closes what a test has opened.
func closeNow(t *testing.T, c *cache.Client) {
	t.Helper()
	require.NoError(t, c.Close(t.Context()))
}

func TestOpenRefusesWhatWaitingCannotMend(t *testing.T) {
	t.Parallel()
	server := miniredis.RunT(t)
	server.RequireUserAuth("orders", "right")
	tests := []struct {
		name    string
		environ []string
		want    string
	}{
		{"the right account", []string{"CACHE_REDIS_USER=orders", "CACHE_REDIS_PASSWORD=right"}, ""},
		{"a wrong password", []string{"CACHE_REDIS_USER=orders", "CACHE_REDIS_PASSWORD=wrong"}, "WRONGPASS"},
		{"no password", nil, "NOAUTH"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := deps()
			c, err := cache.Open(t.Context(), settings(t, append(tt.environ, "CACHE_REDIS_ADDR="+server.Addr())...), d)
			if tt.want != "" {
				require.ErrorContains(t, err, tt.want)
				require.NotContains(t, err.Error(), "right")
				families, err := d.Registry.(*prometheus.Registry).Gather()
				require.NoError(t, err)
				require.Empty(t, families, "what was registered is taken back")
				return
			}
			require.NoError(t, err)
			require.NoError(t, c.Check(t.Context()))
			closeNow(t, c)
		})
	}
}

func TestOpenWithoutAServer(t *testing.T) {
	noLeaks(t)
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	for name, addr := range map[string]string{"nobody listens": "127.0.0.1:1", "nobody answers": silent.Addr().String()} {
		began := time.Now()
		c, err := cache.Open(t.Context(), settings(t, "CACHE_REDIS_ADDR="+addr), deps())
		require.NoError(t, err, name)
		require.Error(t, c.Check(t.Context()), name)
		closeNow(t, c)
		require.Less(t, time.Since(began), 3*time.Second, name)
	}
	require.NoError(t, silent.Close())
}

func TestTwoClientsCannotReportToOneRegistry(t *testing.T) {
	t.Parallel()
	d, cfg := deps(), settings(t, redistest.Open(t).Environment("CACHE")...)
	c, err := cache.Open(t.Context(), cfg, d)
	require.NoError(t, err)
	_, err = cache.Open(t.Context(), cfg, d)
	require.ErrorContains(t, err, "register metrics of the cache")
	closeNow(t, c)
}

func TestAServerThatMakesNoRoomIsWarnedAbout(t *testing.T) {
	t.Parallel()
	const warning = "does not make room"
	p := start(t)
	if err := p.redis.ConfigGet(t.Context(), "maxmemory-policy").Err(); err != nil {
		t.Skip("this server has no CONFIG: ", err)
	}
	policy := func() string { return p.redis.ConfigGet(t.Context(), "maxmemory-policy").Val()["maxmemory-policy"] }
	// The setting is the whole server's: this test leaves it, others may not.
	for {
		before := policy()
		log := startWith(t, p.cfg).log.String()
		if policy() == before {
			require.Equal(t, before == "noeviction", strings.Contains(log, warning), before)
			return
		}
	}
}

func TestConfigNamesEveryMistake(t *testing.T) {
	t.Parallel()
	tests := []struct {
		environ []string
		want    string
	}{
		{[]string{"CACHE_REDIS_ADDR=redis"}, "CACHE_REDIS_ADDR"},
		{[]string{"CACHE_REDIS_TLS=on"}, "CACHE_REDIS_TLS"},
		{[]string{"CACHE_REDIS_TLS_CA_FILE=/ca.pem"}, "CACHE_REDIS_TLS_CA_FILE"},
		{[]string{"CACHE_REDIS_USER=orders"}, "CACHE_REDIS_USER"},
		{[]string{"CACHE_SLOW_CALL=1s"}, "CACHE_SLOW_CALL"},
		{[]string{"CACHE_FAILURES=0"}, "CACHE_FAILURES"},
		{nil, ""},
	}
	for _, tt := range tests {
		t.Run(strings.Join(tt.environ, " "), func(t *testing.T) {
			t.Parallel()
			var loaded struct{ Cache cache.Config }
			err := config.Load(&loaded, tt.environ)
			if tt.want == "" {
				require.NoError(t, err)
				require.Equal(t, 300*time.Millisecond, loaded.Cache.Timeout)
				return
			}
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestTLSIsVerified(t *testing.T) {
	t.Parallel()
	server := miniredis.NewMiniRedis()
	own, caFile := certificate(t)
	_, otherFile := certificate(t)
	require.NoError(t, server.StartTLS(own))
	t.Cleanup(server.Close)
	tests := []struct {
		name, caFile, refused string
		isWell                bool
	}{
		{name: "by its authority", caFile: caFile, isWell: true},
		{name: "by another", caFile: otherFile},
		{name: "by those of the system"},
		{name: "no such file", caFile: "/nowhere.pem", refused: "CACHE_REDIS_TLS_CA_FILE"},
		{name: "no certificate in it", caFile: os.DevNull, refused: "no certificate"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			environ := []string{"CACHE_REDIS_ADDR=" + server.Addr(), "CACHE_REDIS_TLS=verify", "CACHE_REDIS_TLS_CA_FILE=" + tt.caFile, "CACHE_TIMEOUT=5s"}
			c, err := cache.Open(t.Context(), settings(t, environ...), deps())
			if tt.refused != "" {
				require.ErrorContains(t, err, tt.refused)
				return
			}
			require.NoError(t, err)
			if err := c.Check(t.Context()); tt.isWell != (err == nil) {
				t.Errorf("Check() = %v, want success %t", err, tt.isWell)
			}
			closeNow(t, c)
		})
	}
}

// certificate returns the settings of a server with a certificate for 127.0.0.1 that signs itself, and a file with that.
func certificate(t *testing.T) (server *tls.Config, file string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	file = filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}, file
}

// A process of a service may ask while it stops.
func TestACallAfterTheEndOfItsContext(t *testing.T) {
	t.Parallel()
	p, i := start(t), newItem("tea")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := p.items.Get(ctx, i.ID, newStore(i).load(i.ID))
	require.ErrorIs(t, err, context.Canceled)
}
