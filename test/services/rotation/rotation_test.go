// Package rotation_test replaces the certificates of a running service, and of those who call it, while calls go on over
// both APIs: first their certificates again and again, then the authority behind them. No call may fail.
package rotation_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	ordersv1 "github.com/acme/orders/api/proto/orders/v1"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"create-service/templates/components/auth/platform/issuertest"
	"create-service/templates/components/kafka/platform/kafkatest"
	"create-service/templates/components/mysql/platform/mysqltest"
	"create-service/templates/components/tls/platform/certificates"
	"create-service/templates/components/tls/platform/certtest"
	"create-service/templates/service/platform/redistest"
	"create-service/templates/service/platform/testserver"

	"create-service/test/services/running"
)

func TestMain(m *testing.M) {
	if err := os.Chdir("../../../templates"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// The stand-ins are here.
	testserver.Main(m, mysqltest.Server(), kafkatest.Server(), redistest.Server("ASYNQ_REDIS_ADDR"))
}

// renewals is how often the certificates of both sides are replaced before the authority is.
const renewals = 40

// reload is how often both sides look for changes.
const reload = "50ms"

func TestNoCallFails(t *testing.T) {
	issuer := issuertest.Start(t, "orders")
	s := start(t, issuer.Environment()...)
	w := &world{service: s, client: open(t, s), token: issuer.Token("orders.write")}
	w.authority = authorityOf(t, s)
	callers := append(w.restCallers(t), w.grpcCallers(t)...)
	stopping := make(chan struct{})
	var all sync.WaitGroup
	for _, one := range callers {
		all.Go(func() { one.run(stopping) })
	}
	stop := sync.OnceFunc(func() {
		close(stopping)
		all.Wait()
	})
	defer stop()

	began, rotations := time.Now(), 0
	rotate := func(authority *certtest.Authority, trusted ...*certtest.Authority) {
		t.Helper()
		rotations++
		w.rotate(t, authority, trusted)
		awaitAll(t, callers)
	}
	for range renewals {
		rotate(w.authority)
	}
	next, err := certtest.New("next")
	if err != nil {
		t.Fatal(err)
	}
	rotate(w.authority, w.authority, next)
	rotate(next, w.authority, next)
	rotate(next)

	stop()
	took := time.Since(began)
	begun, accepted := w.metric(t, `tls_server_handshakes_total{stage="begun"}`), w.metric(t, `tls_server_handshakes_total{stage="accepted"}`)
	calls := 0
	for _, one := range callers {
		made, failure := one.state()
		calls += made
		t.Logf("%-42s %6d calls", one.name, made)
		if failure != nil {
			t.Errorf("%s: %v", one.name, failure)
		}
	}
	if begun != accepted {
		t.Errorf("%s handshakes were begun, %s accepted", begun, accepted)
	}
	t.Logf("%d calls in %s; %d rotations on each side, 3 of them for a new authority; %s handshakes, %s accepted",
		calls, took.Round(time.Millisecond), rotations, begun, accepted)
	if err := w.reachable(authorityFiles(t, w.authority)); status.Code(err) != codes.Unavailable {
		t.Errorf("a client of the authority that was dropped gets %v, want no connection", err)
	}
}

// start runs orders on servers of the test's own.
func start(t *testing.T, environ ...string) *running.Service {
	t.Helper()
	environ = append(environ, kafkatest.Environment(kafkatest.Config(t))...)
	environ = append(environ, mysqltest.Environment(mysqltest.Database(t))...)
	environ = append(environ, redistest.Open(t).Environment("ASYNQ")...)
	environ = append(environ, redistest.Open(t).Environment("CACHE")...)
	environ = append(environ, "MAX_OPEN_ORDERS=0", "TLS_RELOAD_INTERVAL="+reload)
	s, err := running.Build(t.Context(), "..", t.TempDir(), "orders", environ...)
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"migrate", "topics"} {
		if err := s.Run(t.Context(), command); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Serve(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// open returns certificates as a service that calls orders has them.
func open(t *testing.T, s *running.Service) *certificates.Certificates {
	t.Helper()
	interval, err := time.ParseDuration(reload)
	if err != nil {
		t.Fatal(err)
	}
	cfg := certificates.Config{Mode: "mutual", Dir: clientDir(s), ReloadInterval: interval, ExpiryWarning: time.Hour}
	c, err := certificates.Open(t.Context(), cfg, certificates.Deps{Log: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return c
}

func clientDir(s *running.Service) string {
	return filepath.Join(filepath.Dir(s.Certificates), "client")
}

func authorityOf(t *testing.T, s *running.Service) *certtest.Authority {
	t.Helper()
	authority, err := certtest.OpenAuthority(filepath.Join(filepath.Dir(s.Certificates), "authority"))
	if err != nil {
		t.Fatal(err)
	}
	return authority
}

func authorityFiles(t *testing.T, authority *certtest.Authority) certtest.Files {
	t.Helper()
	files, err := authority.Issue(certtest.Leaf{})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// world is the service and those who call it.
type world struct {
	service   *running.Service
	client    *certificates.Certificates
	authority *certtest.Authority
	// token opens the API.
	token string
}

// rotate replaces the certificates of both sides and waits until both have taken them over.
func (w *world) rotate(t *testing.T, authority *certtest.Authority, trusted []*certtest.Authority) {
	t.Helper()
	leaf := certtest.Leaf{Names: []string{"orders"}, Trusted: trusted}
	for _, dir := range []string{w.service.Certificates, clientDir(w.service)} {
		files, err := authority.Issue(leaf)
		if err != nil {
			t.Fatal(err)
		}
		before := w.inUse(t, dir)
		if err := files.Write(dir); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(30 * time.Second); w.inUse(t, dir) == before; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("the certificate in %s was not taken over", dir)
			}
		}
	}
}

// inUse tells the certificates apart that a side has in use.
func (w *world) inUse(t *testing.T, dir string) string {
	t.Helper()
	if dir == w.service.Certificates {
		return w.metric(t, `tls_reloads_total{outcome="changed"}`)
	}
	shown, err := w.client.Client().GetClientCertificate(nil)
	if err != nil {
		t.Fatal(err)
	}
	return shown.Leaf.SerialNumber.String()
}

// metric is the value of a metric of the service.
func (w *world) metric(t *testing.T, name string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+w.service.Admin+"/metrics", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if value, found := strings.CutPrefix(line, name+" "); found {
			return strings.TrimSpace(value)
		}
	}
	t.Fatalf("the service reports no %s", name)
	return ""
}

// reachable returns nil when a client with these files gets an answer.
func (w *world) reachable(files certtest.Files) error {
	cfg, err := files.ClientConfig()
	if err != nil {
		return err
	}
	conn, err := grpc.NewClient(w.service.GRPC, grpc.WithTransportCredentials(credentials.NewTLS(cfg)))
	if err != nil {
		return err
	}
	return errors.Join(w.createOverGRPC(conn), conn.Close())
}

// caller makes calls of one kind, one after the other.
type caller struct {
	name string
	call func() error

	mu      sync.Mutex
	calls   int
	failure error
}

func (c *caller) run(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		default:
		}
		if !c.note(c.call()) {
			return
		}
	}
}

// note counts a call and reports whether it went well.
func (c *caller) note(err error) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.failure = fmt.Errorf("call %d: %w", c.calls+1, err)
		return false
	}
	c.calls++
	return true
}

func (c *caller) state() (calls int, failure error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls, c.failure
}

// awaitAll waits until a call of each kind has begun and ended.
func awaitAll(t *testing.T, callers []*caller) {
	t.Helper()
	for _, one := range callers {
		before, _ := one.state()
		for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
			calls, failure := one.state()
			if calls >= before+2 {
				break
			}
			if failure != nil || time.Now().After(deadline) {
				t.Fatalf("%s: %d calls, %v", one.name, calls, failure)
			}
		}
	}
}

func (w *world) restCallers(t *testing.T) []*caller {
	t.Helper()
	_, port, err := net.SplitHostPort(w.service.API)
	if err != nil {
		t.Fatal(err)
	}
	kind := func(name string, hasHTTP2, lasts bool) *caller {
		transport := &http.Transport{TLSClientConfig: w.client.Client(), Protocols: new(http.Protocols), DisableKeepAlives: !lasts}
		transport.Protocols.SetHTTP1(!hasHTTP2)
		transport.Protocols.SetHTTP2(hasHTTP2)
		t.Cleanup(transport.CloseIdleConnections)
		client := &http.Client{Transport: transport}
		return &caller{name: name, call: func() error { return w.createOverREST(client, "https://localhost:"+port+"/v1/orders") }}
	}
	return []*caller{
		kind("orders over HTTP/1.1, one connection", false, true),
		kind("orders over HTTP/1.1, a connection each", false, false),
		kind("orders over HTTP/2, one connection", true, true),
		kind("orders over HTTP/2, a connection each", true, false),
	}
}

func (w *world) createOverREST(client *http.Client, url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	body := fmt.Sprintf(`{"customer_id": %q, "total": "12.50"}`, uuid.New())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + w.token}}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(response.Body)
	if response.StatusCode != http.StatusCreated {
		err = errors.Join(err, fmt.Errorf("%s: %s", response.Status, text))
	}
	return errors.Join(err, response.Body.Close())
}

func (w *world) grpcCallers(t *testing.T) []*caller {
	t.Helper()
	_, port, err := net.SplitHostPort(w.service.GRPC)
	if err != nil {
		t.Fatal(err)
	}
	dial := func() (*grpc.ClientConn, error) {
		return grpc.NewClient("localhost:"+port, grpc.WithTransportCredentials(credentials.NewTLS(w.client.Client())))
	}
	lasting, err := dial()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lasting.Close() })
	return []*caller{
		{name: "orders over gRPC, one connection", call: func() error { return w.createOverGRPC(lasting) }},
		{name: "orders over gRPC, a connection each", call: func() error {
			once, err := dial()
			if err != nil {
				return err
			}
			return errors.Join(w.createOverGRPC(once), once.Close())
		}},
	}
}

func (w *world) createOverGRPC(conn *grpc.ClientConn) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+w.token)
	order := &ordersv1.Order{CustomerId: new(uuid.NewString()), Total: new("12.50")}
	_, err := ordersv1.NewOrderServiceClient(conn).CreateOrder(ctx, &ordersv1.CreateOrderRequest{Order: order})
	return err
}
