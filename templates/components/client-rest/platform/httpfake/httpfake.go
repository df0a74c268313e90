// Package httpfake stands in for a REST peer in tests: a server that holds its callers to the peer's OpenAPI document, and
// answers from it where a test does not say what to answer.
package httpfake

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace/noop"

	"create-service/templates/components/client-rest/platform/httpclient"
	"create-service/templates/components/rest/platform/openapiformat"
	"create-service/templates/service/platform/config"
)

// Answers are what a test wants to be answered, by operationId.
type Answers map[string]http.HandlerFunc

// Serve serves the document until the test ends and returns a client of it, with the default settings. The test fails for
// a request that the document does not allow, and for an answer to an operation that it does not have.
func Serve(t testing.TB, peer string, document []byte, answers Answers) *httpclient.Client {
	t.Helper()
	doc, router := load(t, document)
	refuseUnknown(t, doc, answers)
	server := httptest.NewServer(&fake{t: t, router: router, answers: answers})
	t.Cleanup(server.Close)
	return dial(t, peer, server.URL)
}

func load(t testing.TB, document []byte) (*openapi3.T, routers.Router) {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		t.Fatalf("the OpenAPI document cannot be read: %v", err)
	}
	doc.Servers = nil // Where the peer is served does not matter here.
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatalf("the OpenAPI document's paths cannot be routed: %v", err)
	}
	return doc, router
}

func refuseUnknown(t testing.TB, doc *openapi3.T, answers Answers) {
	t.Helper()
	var known []string
	for _, item := range doc.Paths.Map() {
		for _, operation := range item.Operations() {
			known = append(known, operation.OperationID)
		}
	}
	for id := range answers {
		if !slices.Contains(known, id) {
			t.Errorf("the OpenAPI document has no operation %s", id)
		}
	}
}

func dial(t testing.TB, peer, url string) *httpclient.Client {
	t.Helper()
	var cfg httpclient.Config
	if err := config.Load(&cfg, []string{"URL=" + url}); err != nil {
		t.Fatal(err)
	}
	client, err := httpclient.Open(cfg, httpclient.Deps{
		Peer:       peer,
		Log:        slog.New(slog.DiscardHandler),
		Registry:   prometheus.NewRegistry(),
		Tracing:    noop.NewTracerProvider(),
		Propagator: propagation.TraceContext{},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return client
}

// fake is the peer.
type fake struct {
	t       testing.TB
	router  routers.Router
	answers Answers
}

// ServeHTTP answers as the test or the document says.
func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route, params, err := f.router.FindRoute(r)
	if err != nil {
		f.t.Errorf("%s %s is not in the OpenAPI document: %v", r.Method, r.URL.Path, err)
		http.NotFound(w, r)
		return
	}
	input := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: openapiformat.Options()}
	if err := openapi3filter.ValidateRequest(r.Context(), input); err != nil {
		f.t.Errorf("the OpenAPI document does not allow this %s %s: %v", r.Method, r.URL.Path, err)
		http.Error(w, "not allowed", http.StatusBadRequest)
		return
	}
	if answer := f.answers[route.Operation.OperationID]; answer != nil {
		answer(w, r)
		return
	}
	f.example(w, route.Operation)
}

// example answers with the first success that the document has for an operation.
func (f *fake) example(w http.ResponseWriter, operation *openapi3.Operation) {
	for status := http.StatusOK; status < http.StatusMultipleChoices; status++ {
		response := operation.Responses.Value(strconv.Itoa(status))
		if response == nil {
			continue
		}
		for name, header := range response.Value.Headers {
			w.Header().Set(name, text(exampleOf(header.Value.Schema)))
		}
		content := response.Value.Content.Get("application/json")
		if content == nil {
			w.WriteHeader(status)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if err := json.NewEncoder(w).Encode(exampleOf(content.Schema)); err != nil {
			f.t.Errorf("write an example: %v", err)
		}
		return
	}
	f.t.Errorf("the OpenAPI document has no success for %s", operation.OperationID)
	w.WriteHeader(http.StatusNotImplemented)
}

func text(value any) string {
	if s, ok := value.(string); ok {
		return s
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(encoded)
}
