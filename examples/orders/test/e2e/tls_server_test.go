package e2e_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"github.com/acme/orders/internal/platform/certtest"
)

// apiPorts are the ports that other services call.
func apiPorts() []string { return []string{"http", "grpc"} }

func TestPlaintextIsRefused(t *testing.T) {
	s := start(t)
	response, err := http.Get("http://" + s.addrs["http"] + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if text, err := io.ReadAll(response.Body); err != nil || response.StatusCode != http.StatusBadRequest || !strings.Contains(string(text), "HTTPS") {
		t.Errorf("plain HTTP is answered %d %s, error %v", response.StatusCode, text, err)
	}
	if err := checkHealth(t.Context(), connect(t, s, insecure.NewCredentials())); status.Code(err) != codes.Unavailable {
		t.Errorf("gRPC in plaintext is answered %v, want %s", err, codes.Unavailable)
	}
}

func TestPlaintextInDevelopment(t *testing.T) {
	s := start(t, "TLS_MODE=off", "ENVIRONMENT=dev")
	response, err := http.Get("http://" + s.addrs["http"] + "/")
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode == http.StatusBadRequest {
		t.Errorf("plain HTTP is answered %d, error %v", response.StatusCode, err)
	}
	if err := checkHealth(t.Context(), connect(t, s, insecure.NewCredentials())); !isAnswer(err) {
		t.Errorf("gRPC in plaintext is answered %v", err)
	}
}

func TestStrangersAreRefused(t *testing.T) {
	s := start(t)
	known := s.tlsConfig(t)
	nobody := known.Clone()
	nobody.Certificates, nobody.GetClientCertificate = nil, nil
	old := known.Clone()
	old.MinVersion, old.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	stranger := clientConfig(t, issue(t, newAuthority(t)))
	stranger.RootCAs = known.RootCAs
	for _, port := range apiPorts() {
		if err := shake(t, s.addrs[port], known); err != nil {
			t.Errorf("%s: a client of the service's authority is refused: %v", port, err)
		}
		for name, cfg := range map[string]*tls.Config{"no certificate": nobody, "another authority": stranger, "TLS 1.2": old} {
			if err := shake(t, s.addrs[port], cfg); err == nil {
				t.Errorf("%s: a client with %s is let in", port, name)
			}
		}
	}
}

func TestRotationFailsNoCall(t *testing.T) {
	s := start(t)
	authority, err := certtest.OpenAuthority(filepath.Join(filepath.Dir(s.certificateDir()), "authority"))
	if err != nil {
		t.Fatal(err)
	}
	callers := s.callers(t)
	stopping := make(chan struct{})
	var calls atomic.Int64
	var all sync.WaitGroup
	for name, call := range callers {
		all.Go(func() {
			for {
				select {
				case <-stopping:
					return
				default:
				}
				if err := call(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				calls.Add(1)
			}
		})
	}
	stop := sync.OnceFunc(func() {
		close(stopping)
		all.Wait()
	})
	defer stop()
	const rotations = 5
	for range rotations {
		before := s.shown(t)
		if err := issue(t, authority).Write(s.certificateDir()); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(10 * time.Second); s.shown(t) == before; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("certificate %s is still shown after the files were replaced", before)
			}
		}
	}
	stop()
	if calls.Load() < rotations*int64(len(callers)) {
		t.Errorf("only %d calls were made meanwhile", calls.Load())
	}
	t.Logf("%d rotations, %d calls", rotations, calls.Load())
}

// callers call the APIs, each in a way of its own, and return an error when they get no answer.
func (s *service) callers(t *testing.T) map[string]func() error {
	t.Helper()
	all := map[string]func() error{}
	lasting := s.client(t)
	once := &http.Client{Transport: &http.Transport{TLSClientConfig: s.tlsConfig(t), DisableKeepAlives: true}}
	all["REST, one connection"] = func() error { return s.get(t, lasting) }
	all["REST, a connection each"] = func() error { return s.get(t, once) }
	encryption := credentials.NewTLS(s.tlsConfig(t))
	conn := connect(t, s, encryption)
	all["gRPC, one connection"] = func() error { return answered(checkHealth(t.Context(), conn)) }
	all["gRPC, a connection each"] = func() error {
		once, err := grpc.NewClient(s.addrs["grpc"], grpc.WithTransportCredentials(encryption))
		if err != nil {
			return err
		}
		return errors.Join(answered(checkHealth(t.Context(), once)), once.Close())
	}
	return all
}

// get asks for a path that nobody has: whatever the answer is, the service has given it.
func (s *service) get(t *testing.T, client *http.Client) error {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+s.addrs["http"]+"/nothing-is-here", http.NoBody)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	if response.StatusCode >= http.StatusInternalServerError {
		err = errors.Join(err, fmt.Errorf("the answer is %s", response.Status))
	}
	return errors.Join(err, response.Body.Close())
}

// connect connects to the gRPC API until the test ends.
func connect(t *testing.T, s *service, encryption credentials.TransportCredentials) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient(s.addrs["grpc"], grpc.WithTransportCredentials(encryption))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func checkHealth(ctx context.Context, conn *grpc.ClientConn) error {
	_, err := grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
	return err
}

// answered returns nil for an error that is itself the service's answer.
func answered(err error) error {
	if isAnswer(err) {
		return nil
	}
	return err
}

func isAnswer(err error) bool { return status.Code(err) != codes.Unavailable }

// shake makes a connection and waits for the first byte that the server sends by itself, as HTTP/2 does: a client hears
// that its certificate is refused only after its own handshake.
func shake(t *testing.T, addr string, cfg *tls.Config) error {
	t.Helper()
	cfg = cfg.Clone()
	cfg.NextProtos = []string{"h2"}
	conn, err := (&tls.Dialer{Config: cfg}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	_, err = conn.Read(make([]byte, 1))
	return err
}

// shown is the serial number of the certificate that a new client is shown.
func (s *service) shown(t *testing.T) string {
	t.Helper()
	conn, err := (&tls.Dialer{Config: s.tlsConfig(t)}).DialContext(t.Context(), "tcp", s.addrs[apiPorts()[0]])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	return conn.(*tls.Conn).ConnectionState().PeerCertificates[0].SerialNumber.String()
}

func newAuthority(t *testing.T) *certtest.Authority {
	t.Helper()
	authority, err := certtest.New("another")
	if err != nil {
		t.Fatal(err)
	}
	return authority
}

func issue(t *testing.T, authority *certtest.Authority) certtest.Files {
	t.Helper()
	files, err := authority.Issue(certtest.Leaf{})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
