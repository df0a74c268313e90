package rest_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/acme/orders/api/openapi"
	"github.com/acme/orders/internal/platform/config"
	"github.com/acme/orders/internal/platform/httpserver"
	"github.com/acme/orders/internal/platform/openapitest"
	"github.com/acme/orders/internal/rest"
)

// api answers requests as the service does, without a network, and holds each answer to the OpenAPI document.
type api struct {
	server   *httpserver.Server
	contract *openapitest.Contract
}

// newAPI returns an API that asks for no token, unless an option says otherwise.
func newAPI(t testing.TB, use rest.UseCases, options ...func(*httpserver.Deps)) api {
	t.Helper()
	var cfg struct{ HTTP httpserver.Config }
	if err := config.Load(&cfg, nil); err != nil {
		t.Fatal(err)
	}
	deps := httpserver.Deps{
		Log:        slog.New(slog.DiscardHandler),
		Registry:   prometheus.NewRegistry(),
		Tracing:    noop.NewTracerProvider(),
		Propagator: propagation.TraceContext{},
	}
	for _, option := range options {
		option(&deps)
	}
	server, err := httpserver.New(cfg.HTTP, deps)
	if err != nil {
		t.Fatal(err)
	}
	rest.Routes(server.Router(), use)
	return api{server: server, contract: openapitest.New(t, openapi.Document, server)}
}

func TestRoutesAreThoseOfTheDocument(t *testing.T) {
	api := newAPI(t, rest.UseCases{})
	api.contract.SameRoutes(t, api.server.Routes())
}

// answer is a response, read.
type answer struct {
	status int
	header http.Header
	body   map[string]any
}

// do sends a request; headers are "Name: value".
func (a api) do(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	response := a.contract.Do(t, request)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	got := answer{status: response.StatusCode, header: response.Header}
	if len(text) > 0 {
		got.body = object(t, string(text))
	}
	return got
}

func (a answer) wantStatus(t *testing.T, want int) {
	t.Helper()
	if a.status != want {
		t.Fatalf("status %d, want %d; body %v", a.status, want, a.body)
	}
}

// wantProblem checks for an RFC 9457 problem that names the given fields and rules, as "field: rule".
func (a answer) wantProblem(t *testing.T, status int, violations ...string) {
	t.Helper()
	a.wantStatus(t, status)
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type %q, want application/problem+json", got)
	}
	named := map[string]bool{}
	list, _ := a.body["errors"].([]any)
	for _, item := range list {
		if violation, ok := item.(map[string]any); ok {
			field, _ := violation["field"].(string)
			rule, _ := violation["rule"].(string)
			named[field+": "+rule] = true
		}
	}
	for _, want := range violations {
		if !named[want] {
			t.Errorf("the problem names %v, want %q", named, want)
		}
	}
}

// value parses any JSON for comparison.
func value(t *testing.T, text string) any {
	t.Helper()
	var parsed any
	if err := json.Unmarshal([]byte(text), &parsed); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return parsed
}

// object parses a JSON object for comparison.
func object(t *testing.T, text string) map[string]any {
	t.Helper()
	parsed, ok := value(t, text).(map[string]any)
	if !ok {
		t.Fatalf("not an object: %s", text)
	}
	return parsed
}
