package kafka_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
	"go.opentelemetry.io/otel/trace/noop"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/components/kafka/platform/kafkatest"
	"create-service/templates/service/platform/config"
)

// load returns the configuration of an environment.
func load(environ ...string) (kafka.Config, error) {
	var loaded struct{ Kafka kafka.Config }
	err := config.Load(&loaded, environ)
	return loaded.Kafka, err
}

func deps() kafka.Deps {
	return kafka.Deps{
		Service: "shipping", Registry: prometheus.NewRegistry(), Tracing: noop.NewTracerProvider(), Log: slog.New(slog.DiscardHandler),
	}
}

// own returns a cluster of the test's own, with one broker.
func own(t *testing.T, options ...kfake.Opt) *kfake.Cluster {
	t.Helper()
	cluster, err := kfake.NewCluster(append(options, kfake.NumBrokers(1))...)
	require.NoError(t, err)
	t.Cleanup(cluster.Close)
	return cluster
}

func TestConfigNamesEveryWrongKey(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"KAFKA_TLS":                {"KAFKA_TLS=on"},
		"KAFKA_TLS_CA_FILE":        {"KAFKA_TLS_CA_FILE=/ca.pem"},
		"KAFKA_SASL":               {"KAFKA_SASL=gssapi"},
		"KAFKA_SASL must not":      {"KAFKA_USER=app"},
		"KAFKA_SASL scram-sha-256": {"KAFKA_SASL=scram-sha-256", "KAFKA_USER=app"},
		"KAFKA_SASL plain":         {"KAFKA_SASL=plain", "KAFKA_USER=app", "KAFKA_PASSWORD=secret"},
		"KAFKA_MAX_MESSAGE_BYTES":  {"KAFKA_MAX_MESSAGE_BYTES=2000000", "KAFKA_BUFFER_BYTES=1048576"},
		"KAFKA_REBALANCE_TIMEOUT":  {"KAFKA_HANDLER_TIMEOUT=50s"},
		"KAFKA_RETRY_BACKOFF":      {"KAFKA_RETRY_BACKOFF=1m"},
		"KAFKA_TOPIC_PREFIX":       {"KAFKA_TOPIC_PREFIX=a/b"},
	}
	for key, environ := range tests {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			_, err := load(environ...)
			require.ErrorContains(t, err, key)
			require.NotContains(t, err.Error(), "secret")
		})
	}
	_, err := load()
	require.NoError(t, err)
}

func TestOpenSurvivesBrokersThatAreAway(t *testing.T) {
	t.Parallel()
	cfg, err := load("KAFKA_BROKERS=127.0.0.1:1", "KAFKA_CONNECT_TIMEOUT=200ms")
	require.NoError(t, err)
	client, err := kafka.Open(t.Context(), cfg, deps())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	require.ErrorContains(t, client.Check(ctx), "127.0.0.1:1")
	require.NoError(t, client.Close(t.Context()))
}

func TestCheckOfAServerThatAnswers(t *testing.T) {
	t.Parallel()
	require.NoError(t, open(t, kafkatest.Config(t)).Check(t.Context()))
}

func TestOpenTwiceOnOneRegistry(t *testing.T) {
	t.Parallel()
	cfg, d := kafkatest.Config(t), deps()
	client, err := kafka.Open(t.Context(), cfg, d)
	require.NoError(t, err)
	_, err = kafka.Open(t.Context(), cfg, d)
	require.ErrorContains(t, err, "metrics")
	require.NoError(t, client.Close(t.Context()))
	again, err := kafka.Open(t.Context(), cfg, d)
	require.NoError(t, err, "a closed client has taken its metrics back")
	require.NoError(t, again.Close(t.Context()))
}

func TestLogin(t *testing.T) {
	t.Parallel()
	for mechanism, kfakeName := range map[string]string{"scram-sha-256": "SCRAM-SHA-256", "scram-sha-512": "SCRAM-SHA-512"} {
		t.Run(mechanism, func(t *testing.T) {
			t.Parallel()
			cluster := own(t, kfake.EnableSASL(), kfake.Superuser(kfakeName, "app", "right"))
			cfg, err := load("KAFKA_BROKERS="+cluster.ListenAddrs()[0], "KAFKA_SASL="+mechanism, "KAFKA_USER=app", "KAFKA_PASSWORD=right")
			require.NoError(t, err)
			client, err := kafka.Open(t.Context(), cfg, deps())
			require.NoError(t, err)
			require.NoError(t, client.Check(t.Context()))
			require.NoError(t, client.Close(t.Context()))

			cfg.Password = "wrong-password"
			// kfake hangs up; Kafka says why.
			cluster.ControlKey(int16(kmsg.SASLAuthenticate), func(request kmsg.Request) (kmsg.Response, error, bool) {
				cluster.KeepControl()
				answer := kmsg.NewPtrSASLAuthenticateResponse()
				answer.Version = request.GetVersion()
				answer.ErrorCode = kerr.SaslAuthenticationFailed.Code
				return answer, nil, true
			})
			_, err = kafka.Open(t.Context(), cfg, deps())
			require.ErrorIs(t, err, kerr.SaslAuthenticationFailed, "waiting mends no wrong password")
			require.NotContains(t, err.Error(), "wrong-password")
		})
	}
}

func TestEncryptionVerifiesTheBroker(t *testing.T) {
	t.Parallel()
	certificate, file := selfSigned(t)
	cluster := own(t, kfake.TLS(&tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{certificate}}),
		kfake.EnableSASL(), kfake.Superuser("PLAIN", "app", "right"))
	login := []string{"KAFKA_BROKERS=" + cluster.ListenAddrs()[0], "KAFKA_TLS=verify", "KAFKA_SASL=plain", "KAFKA_USER=app", "KAFKA_PASSWORD=right"}
	cfg, err := load(append(login, "KAFKA_TLS_CA_FILE="+file)...)
	require.NoError(t, err)
	client, err := kafka.Open(t.Context(), cfg, deps())
	require.NoError(t, err)
	require.NoError(t, client.Check(t.Context()))
	require.NoError(t, client.Close(t.Context()))

	cfg, err = load(login...)
	require.NoError(t, err)
	_, err = kafka.Open(t.Context(), cfg, deps())
	require.ErrorContains(t, err, "certificate", "nobody vouches for it")
	cfg.TLSCAFile = "/nowhere.pem"
	_, err = kafka.Open(t.Context(), cfg, deps())
	require.ErrorContains(t, err, "KAFKA_TLS_CA_FILE")
}

// selfSigned returns a certificate for 127.0.0.1 and the file that vouches for it.
func selfSigned(t *testing.T) (certificate tls.Certificate, file string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "kafka"}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	require.NoError(t, err)
	file = filepath.Join(t.TempDir(), "ca.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}
