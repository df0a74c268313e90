// Package e2e_test runs the service's binary and uses it as its clients and its operators do.
package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/acme/orders/internal/platform/issuertest"
	"github.com/acme/orders/internal/platform/kafkatest"
	"github.com/acme/orders/internal/platform/mysqltest"
	"github.com/acme/orders/internal/platform/redistest"
	"github.com/acme/orders/internal/platform/testserver"
)

func TestMain(m *testing.M) {
	testserver.Main(m,
		redistest.Server("ASYNQ_REDIS_ADDR"),
		kafkatest.Server(),
		mysqltest.Server(),
	)
}

// service is a running process of the service.
type service struct {
	environ []string
	process *exec.Cmd
	// addrs are the addresses that it listens on, by the names of its ports.
	addrs  map[string]string
	output *output
	// issuer issues the tokens that it takes.
	issuer *issuertest.Issuer
}

const (
	// version is what the tests build.
	version = "v1.2.3-e2e"
	// binary is where: what is up to date there is not linked again.
	binary = "../../bin/orders-e2e"
)

// start prepares the service, serves with the given environment on top and waits until it is ready. The process is
// stopped when the test ends.
func start(t *testing.T, environ ...string) *service {
	t.Helper()
	s := prepare(t)
	s.environ = append(s.environ, environ...)
	s.serve(t)
	return s
}

// prepare builds the service and brings its stores up to date.
func prepare(t *testing.T) *service {
	t.Helper()
	s := &service{addrs: map[string]string{}, output: &output{}}
	build := exec.CommandContext(t.Context(), "go", "build", "-ldflags", "-X main.version="+version, "-o", binary, "../../cmd/orders")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, text)
	}
	s.environ = append(environment(t), "SHUTDOWN_DELAY=0s", "LOG_LEVEL=debug")
	s.issuer = issuertest.Start(t, "orders")
	s.environ = append(s.environ, s.issuer.Environment()...)
	ports := []string{"admin", "grpc", "http"}
	for i, addr := range freeAddrs(t, len(ports)) {
		s.addrs[ports[i]] = addr
		s.environ = append(s.environ, strings.ToUpper(ports[i])+"_ADDR="+addr)
	}
	if text, err := s.command(t.Context(), "migrate").CombinedOutput(); err != nil {
		t.Fatalf("migrate: %v\n%s", err, text)
	}
	if text, err := s.command(t.Context(), "topics", "-all").CombinedOutput(); err != nil {
		t.Fatalf("topics: %v\n%s", err, text)
	}
	return s
}

// serve runs the service and waits until it is ready.
func (s *service) serve(t *testing.T, flags ...string) {
	t.Helper()
	s.process = s.command(context.WithoutCancel(t.Context()), append([]string{"serve"}, flags...)...)
	s.process.Stdout, s.process.Stderr = s.output, s.output
	if err := s.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.stop(t) })
	s.waitReady(t)
}

// environment is what every command of the service is started with.
func environment(t *testing.T) []string {
	t.Helper()
	environ := []string{
		"PATH=" + os.Getenv("PATH"),
		// A zone other than UTC must not show anywhere.
		"TZ=Asia/Kolkata",
		// Where a binary that was built with -cover leaves what was covered.
		"GOCOVERDIR=" + os.Getenv("GOCOVERDIR"),
	}
	environ = append(environ, redistest.Open(t).Environment("ASYNQ")...)
	environ = append(environ, kafkatest.Environment(kafkatest.Config(t))...)
	environ = append(environ, mysqltest.Environment(mysqltest.Database(t))...)
	environ = append(environ, redistest.Open(t).Environment("CACHE")...)
	environ = append(environ, certificates(t)...)
	return environ
}

func (s *service) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, binary, args...)
	command.Env = s.environ
	return command
}

func (s *service) waitReady(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if status, _ := s.probe(t, "/readyz"); status == http.StatusOK {
			return
		}
	}
	t.Fatalf("the service was not ready in time; it wrote:\n%s", s.output)
}

// probe asks the admin port; a port that does not answer is status 0.
func (s *service) probe(t *testing.T, path string) (status int, body string) {
	t.Helper()
	return s.administer(t, http.MethodGet, path, "")
}

// administer sends a request to the admin port; a port that does not answer is status 0.
func (s *service) administer(t *testing.T, method, path, sent string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, "http://"+s.addrs["admin"]+path, strings.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

// stop asks the process to end as Kubernetes does, and checks that it ended well.
func (s *service) stop(t *testing.T) {
	t.Helper()
	if s.process.ProcessState != nil {
		return
	}
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("SIGTERM: %v", err)
	}
	if err := s.process.Wait(); err != nil {
		t.Errorf("the service ended with %v; it wrote:\n%s", err, s.output)
	}
}

// freeAddrs returns different addresses that nothing listens on. Their ports are below those that systems give to
// connections, so that none takes them before the service does, nor one that has ended keeps them.
func freeAddrs(t *testing.T, count int) []string {
	t.Helper()
	const lowest, ports = 10_000, 20_000
	var listeners []net.Listener
	for len(listeners) < count {
		addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(lowest+rand.IntN(ports)))
		if listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", addr); err == nil {
			listeners = append(listeners, listener)
		}
		if err := t.Context().Err(); err != nil {
			t.Fatal(err)
		}
	}
	addrs := make([]string, count)
	for i, listener := range listeners {
		addrs[i] = listener.Addr().String()
		if err := listener.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return addrs
}

// output collects what a process writes.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func TestLife(t *testing.T) {
	s := start(t, "SHUTDOWN_DELAY=3s")
	for _, path := range []string{"/livez", "/startupz", "/readyz"} {
		if status, body := s.probe(t, path); status != http.StatusOK {
			t.Errorf("%s answered %d: %s", path, status, body)
		}
	}
	if status, body := s.probe(t, "/metrics"); status != http.StatusOK || !strings.Contains(body, "go_goroutines") {
		t.Errorf("/metrics answered %d without go_goroutines", status)
	}
	if text, err := s.command(t.Context(), "healthcheck").CombinedOutput(); err != nil {
		t.Errorf("healthcheck: %v\n%s", err, text)
	}

	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(2500 * time.Millisecond); ; time.Sleep(20 * time.Millisecond) {
		if status, _ := s.probe(t, "/readyz"); status == http.StatusServiceUnavailable {
			break
		} else if time.Now().After(deadline) {
			t.Errorf("/readyz answered %d after SIGTERM, want %d", status, http.StatusServiceUnavailable)
			break
		}
	}
	if status, _ := s.probe(t, "/livez"); status != http.StatusOK {
		t.Errorf("/livez answered %d while the service drains, want %d", status, http.StatusOK)
	}
	if err := s.process.Wait(); err != nil {
		t.Errorf("the service ended with %v", err)
	}
	wantJSONLines(t, s.output.String())
	s.wantFailure(t, nil, "healthcheck")
}

func TestWorkerServesNoAPI(t *testing.T) {
	s := prepare(t)
	s.serve(t, "-role", "worker")
	for port, addr := range s.addrs {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
		if listens := err == nil; listens != (port == "admin") {
			t.Errorf("a worker listens on its port %s: %t", port, listens)
		}
		if err == nil {
			_ = connection.Close()
		}
	}
}

func TestASecretOfAnotherReleaseIsAWarning(t *testing.T) {
	secrets := t.TempDir()
	if err := os.WriteFile(filepath.Join(secrets, "NEXT_RELEASE_PASSWORD"), []byte("s3cret"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, "SECRETS_DIR="+secrets)
	if text := s.output.String(); !strings.Contains(text, "NEXT_RELEASE_PASSWORD") || strings.Contains(text, "s3cret") {
		t.Errorf("the log does not name the key, or has its value:\n%s", text)
	}
}

func TestWrongConfiguration(t *testing.T) {
	s := prepare(t)
	text := s.wantFailure(t, []string{"LOG_LEVEL=loud", "SHUTDOWN_DRAIN=soon"}, "serve")
	for _, key := range []string{"LOG_LEVEL", "SHUTDOWN_DRAIN"} {
		if !strings.Contains(text, key) {
			t.Errorf("the error does not name %s:\n%s", key, text)
		}
	}
}

func TestARestartAppliesAChangedFile(t *testing.T) {
	s := prepare(t)
	file := filepath.Join(t.TempDir(), "config.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	wantProfiles := func(want int) {
		t.Helper()
		if status, body := s.probe(t, "/debug/pprof/"); status != want {
			t.Errorf("/debug/pprof/ answered %d, want %d: %s", status, want, body)
		}
	}
	s.environ = append(s.environ, "CONFIG_FILE="+file)
	write("ADMIN_PROFILES: false\n")
	s.serve(t)
	wantProfiles(http.StatusNotFound)
	write("ADMIN_PROFILES: true\n")
	wantProfiles(http.StatusNotFound)
	s.stop(t)
	s.serve(t)
	wantProfiles(http.StatusOK)
}

func TestLogLevelAndSamplingChangeInUse(t *testing.T) {
	s := start(t, "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317", "TRACE_SAMPLE_RATIO=0.25", "TRACE_EXPORT_TIMEOUT=1s")
	tests := []struct{ path, before, after string }{
		{path: "/sampleratio", before: `{"ratio":0.25}`, after: `{"ratio":0}`},
		{path: "/loglevel", before: `{"level":"DEBUG"}`, after: `{"level":"ERROR"}`},
	}
	for _, test := range tests {
		if _, body := s.probe(t, test.path); strings.TrimSpace(body) != test.before {
			t.Errorf("%s is %s, want %s", test.path, body, test.before)
		}
		if status, body := s.administer(t, http.MethodPut, test.path, test.after); status != http.StatusOK {
			t.Fatalf("PUT %s answered %d: %s", test.path, status, body)
		}
		if _, body := s.probe(t, test.path); strings.TrimSpace(body) != test.after {
			t.Errorf("%s is %s, want %s", test.path, body, test.after)
		}
	}
	before := len(s.output.String())
	s.stop(t)
	if after := s.output.String()[before:]; after != "" {
		t.Errorf("with the level ERROR the service wrote:\n%s", after)
	}
}

// wantFailure runs a command with the given environment on top, and returns what it wrote.
func (s *service) wantFailure(t *testing.T, environ []string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	command := s.command(ctx, args...)
	command.Env = append(command.Env, environ...)
	text, err := command.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("%v: %v, want exit code 1; it wrote:\n%s", args, err, text)
	}
	return string(text)
}

// wantJSONLines checks that there are lines, and that each is a log entry of this version that Elasticsearch can take.
func wantJSONLines(t *testing.T, text string) {
	t.Helper()
	if text == "" {
		t.Error("nothing was logged")
	}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		var entry map[string]any
		if err := json.Unmarshal(lines.Bytes(), &entry); err != nil || entry["@timestamp"] == nil || entry["message"] == nil || entry["service.version"] != version {
			t.Errorf("not a log entry of %s (%v): %s", version, err, lines.Text())
		}
	}
}
