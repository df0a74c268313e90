package httpserver_test

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace/noop"

	"create-service/templates/components/rest/platform/httpserver"
	"create-service/templates/components/tls/platform/certtest"
)

// newEncrypted returns a server that wants TLS, and a client of it whose certificate is that of shipping.
func newEncrypted(t *testing.T) (*fixture, *http.Client) {
	t.Helper()
	authority, err := certtest.New("authority")
	if err != nil {
		t.Fatal(err)
	}
	client := issue(t, authority, "shipping")
	server := issue(t, authority, "orders")
	server.ClientAuth, server.ClientCAs = tls.RequireAndVerifyClientCert, client.RootCAs
	f := &fixture{registry: prometheus.NewRegistry(), log: &lockedBuffer{}}
	f.Server, err = httpserver.New(config(), httpserver.Deps{
		Log: newLog(f.log), Registry: f.registry, Tracing: noop.NewTracerProvider(), Propagator: propagation.TraceContext{}, TLS: server,
	})
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{TLSClientConfig: client, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return f, &http.Client{Transport: transport}
}

func issue(t *testing.T, authority *certtest.Authority, name string) *tls.Config {
	t.Helper()
	files, err := authority.Issue(certtest.Leaf{Names: []string{name}})
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := files.ClientConfig()
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestTLS(t *testing.T) {
	f, client := newEncrypted(t)
	f.Router().GET("/", noContent)
	start(t, f)
	response, err := client.Get("https://" + f.Addr())
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.ProtoMajor != 2 || response.StatusCode != http.StatusNoContent {
		t.Errorf("the answer is %s %s, want HTTP/2 and 204", response.Proto, response.Status)
	}
	if got := response.Header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
		t.Errorf("Strict-Transport-Security is %q", got)
	}
	lines := f.lines(t)
	if got := lines[len(lines)-1]["tls.client.x509.alternative_names"]; got != "shipping" {
		t.Errorf("the log calls the client %v, want the first name of its certificate", got)
	}
}

func TestPlaintextIsRefusedByTLS(t *testing.T) {
	f, _ := newEncrypted(t)
	f.Router().GET("/", noContent)
	start(t, f)
	response, err := http.Get("http://" + f.Addr())
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, err := io.ReadAll(response.Body); response.StatusCode != http.StatusBadRequest || !strings.Contains(string(text), "HTTPS") {
		t.Errorf("the answer is %s %s, error %v", response.Status, text, err)
	}
}

// TestDrainOverHTTP2 has clients that leave, by GOAWAY, while a request of theirs is in progress.
func TestDrainOverHTTP2(t *testing.T) {
	f, client := newEncrypted(t)
	entered, leave := make(chan struct{}), make(chan struct{})
	remotes := make(chan string, 3)
	f.Router().GET("/", func(c *gin.Context) {
		remotes <- c.Request.RemoteAddr
		c.Status(http.StatusNoContent)
	})
	f.Router().GET("/slow", func(c *gin.Context) {
		entered <- struct{}{}
		<-leave
		c.Status(http.StatusNoContent)
	})
	if err := f.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- f.Run(context.Background()) }()
	get := func(path string) error {
		response, err := client.Get("https://" + f.Addr() + path)
		if err != nil {
			return err
		}
		return response.Body.Close()
	}
	slow := make(chan error, 1)
	go func() { slow <- get("/slow") }()
	<-entered
	f.Drain()
	// The first answer still comes over the connection of before, and asks to leave it.
	for range 3 {
		if err := get("/"); err != nil {
			t.Fatal(err)
		}
	}
	if first, second, third := <-remotes, <-remotes, <-remotes; first == second && second == third {
		t.Error("the client stays on its connection")
	}
	shutdown := make(chan error, 1)
	go func() { shutdown <- f.Shutdown(context.Background()) }()
	select {
	case err := <-shutdown:
		t.Fatalf("Shutdown returned %v while a request was in progress", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(leave)
	if err := <-slow; err != nil {
		t.Errorf("the request in progress: %v", err)
	}
	if err := <-shutdown; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
}
