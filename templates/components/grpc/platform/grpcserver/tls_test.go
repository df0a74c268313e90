package grpcserver_test

import (
	"crypto/tls"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace/noop"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/status"

	"create-service/templates/components/grpc/platform/grpcserver"
	"create-service/templates/components/tls/platform/certtest"
)

func TestTLS(t *testing.T) {
	authority, err := certtest.New("authority")
	if err != nil {
		t.Fatal(err)
	}
	known := issue(t, authority)
	server := issue(t, authority)
	server.ClientAuth, server.ClientCAs = tls.RequireAndVerifyClientCert, known.RootCAs
	f := &fixture{registry: prometheus.NewRegistry(), log: &lockedBuffer{}}
	f.Server, err = grpcserver.New(config(), grpcserver.Deps{
		Domain: "orders", Log: newLog(f.log), Registry: f.registry, Tracing: noop.NewTracerProvider(), Propagator: propagation.TraceContext{},
		Ready: func() bool { return true }, TLS: server,
	})
	if err != nil {
		t.Fatal(err)
	}
	start(t, f, answering(nil))

	conn, err := grpc.NewClient(f.Addr(), grpc.WithTransportCredentials(credentials.NewTLS(known)))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := ask(t.Context(), grpc_testing.NewTestServiceClient(conn)); err != nil {
		t.Errorf("a client with a certificate: %v", err)
	}
	if got := f.lines(t)[0]["tls.client.x509.alternative_names"]; got != "localhost" {
		t.Errorf("the log calls the client %v, want the first name of its certificate", got)
	}
	if err := ask(t.Context(), grpc_testing.NewTestServiceClient(dial(t, f))); status.Code(err) != codes.Unavailable {
		t.Errorf("a client in plaintext is answered %v, want %s", err, codes.Unavailable)
	}
}

func issue(t *testing.T, authority *certtest.Authority) *tls.Config {
	t.Helper()
	files, err := authority.Issue(certtest.Leaf{})
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := files.ClientConfig()
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}
