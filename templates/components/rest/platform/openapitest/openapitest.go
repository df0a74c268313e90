// Package openapitest holds an API to its OpenAPI document: the routes are those of the document, and so is every
// request that is accepted and every answer.
//
//	contract := openapitest.New(t, openapi.Document, server)
//	contract.SameRoutes(t, server.Routes())
//	contract.SameScopes(t, map[string][]string{"GET /v1/orders/:id": {"orders.read"}})
//	answer := contract.Do(t, request)
//	contract.AllSucceeded(t)
package openapitest

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"create-service/templates/components/rest/platform/openapiformat"
)

// Contract is a document and the handler that must keep to it. It may be used by parallel tests.
type Contract struct {
	document *openapi3.T
	router   routers.Router
	handler  http.Handler

	mu        sync.Mutex
	succeeded map[string]bool
}

// New reads the document, which must be valid OpenAPI 3.1 by itself.
func New(t testing.TB, document []byte, handler http.Handler) *Contract {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		t.Fatalf("the OpenAPI document cannot be read: %v", err)
	}
	if !doc.IsOpenAPI31OrLater() {
		t.Fatalf("the OpenAPI document has version %q, want 3.1", doc.OpenAPI)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatalf("the OpenAPI document is not valid: %v", err)
	}
	// Where the API is served does not matter here, and the router would match it.
	doc.Servers = nil
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatalf("the OpenAPI document's paths cannot be routed: %v", err)
	}
	return &Contract{document: doc, router: router, handler: handler, succeeded: map[string]bool{}}
}

// SameRoutes fails the test for every route that the document does not have, and every operation without a route.
func (c *Contract) SameRoutes(t testing.TB, routes gin.RoutesInfo) {
	t.Helper()
	served := map[string]bool{}
	for _, r := range routes {
		served[r.Method+" "+templateOf(r.Path)] = true
	}
	if diff := cmp.Diff(c.operations(), slices.Sorted(maps.Keys(served))); diff != "" {
		t.Errorf("the routes are not those of the OpenAPI document (-document +routes):\n%s", diff)
	}
}

// SameScopes fails the test where the document asks for other scopes than the service, by operation as in
// "GET /v1/orders/:id". An operation without any is public in both.
func (c *Contract) SameScopes(t testing.TB, scopes map[string][]string) {
	t.Helper()
	asked := map[string][]string{}
	for operation, names := range scopes {
		asked[templateOf(operation)] = names
	}
	if diff := cmp.Diff(c.scopes(), asked, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the scopes are not those of the OpenAPI document (-document +service):\n%s", diff)
	}
}

// scopes are the document's, those of all its security schemes together.
func (c *Contract) scopes() map[string][]string {
	all := map[string][]string{}
	for path, item := range c.document.Paths.Map() {
		for method, operation := range item.Operations() {
			security := operation.Security
			if security == nil {
				security = &c.document.Security
			}
			names := []string{}
			for _, requirement := range *security {
				for _, scopes := range requirement {
					names = append(names, scopes...)
				}
			}
			all[method+" "+path] = names
		}
	}
	return all
}

// operations lists the document's, as "GET /v1/orders/{id}".
func (c *Contract) operations() []string {
	var all []string
	for path, item := range c.document.Paths.Map() {
		for method := range item.Operations() {
			all = append(all, method+" "+path)
		}
	}
	slices.Sort(all)
	return all
}

// Do sends the request to the handler and returns the answer, whose body may be read and need not be closed. The
// test fails when the document has no such operation, when a request that the document refuses is accepted, and
// when the document does not allow the answer.
func (c *Contract) Do(t testing.TB, request *http.Request) *http.Response {
	t.Helper()
	sent := readAll(t, request.Body)
	request.Body = io.NopCloser(bytes.NewReader(sent))
	answer := httptest.NewRecorder()
	c.handler.ServeHTTP(answer, request)

	request.Body = io.NopCloser(bytes.NewReader(sent))
	route, params, err := c.router.FindRoute(request)
	if err != nil {
		t.Fatalf("%s %s is not in the OpenAPI document: %v", request.Method, request.URL.Path, err)
	}
	input := &openapi3filter.RequestValidationInput{Request: request, PathParams: params, Route: route, Options: openapiformat.Options()}
	c.checkRequest(t, input, answer.Code)
	checkAnswer(t, input, answer)
	return answer.Result()
}

func (c *Contract) checkRequest(t testing.TB, input *openapi3filter.RequestValidationInput, status int) {
	t.Helper()
	if status >= http.StatusBadRequest {
		return
	}
	if err := openapi3filter.ValidateRequest(input.Request.Context(), input); err != nil {
		t.Errorf("%s %s was accepted with %d, and the OpenAPI document refuses it: %v",
			input.Request.Method, input.Route.Path, status, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.succeeded[input.Route.Method+" "+input.Route.Path] = true
}

func checkAnswer(t testing.TB, input *openapi3filter.RequestValidationInput, answer *httptest.ResponseRecorder) {
	t.Helper()
	response := (&openapi3filter.ResponseValidationInput{
		RequestValidationInput: input,
		Status:                 answer.Code,
		Header:                 answer.Header(),
		Options:                input.Options,
	}).SetBodyBytes(answer.Body.Bytes())
	if err := openapi3filter.ValidateResponse(input.Request.Context(), response); err != nil {
		t.Errorf("the OpenAPI document does not allow this answer to %s %s: %v", input.Request.Method, input.Route.Path, err)
	}
	if answer.Body.Len() > 0 && !hasBody(input.Route.Operation, answer.Code) {
		t.Errorf("%s %s answered %d with a body, and the OpenAPI document has none", input.Request.Method, input.Route.Path, answer.Code)
	}
}

// hasBody reports whether the document describes a body for the status.
func hasBody(operation *openapi3.Operation, status int) bool {
	described := operation.Responses.Status(status)
	if described == nil {
		described = operation.Responses.Default()
	}
	return described != nil && len(described.Value.Content) > 0
}

// AllSucceeded fails the test for every operation of the document that no [Contract.Do] has seen succeed.
func (c *Contract) AllSucceeded(t testing.TB) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, operation := range c.operations() {
		if !c.succeeded[operation] {
			t.Errorf("%s is in the OpenAPI document, and no test saw it succeed", operation)
		}
	}
}

func readAll(t testing.TB, body io.Reader) []byte {
	t.Helper()
	if body == nil {
		return nil
	}
	content, err := io.ReadAll(body)
	if err != nil {
		t.Fatalf("read the request's body: %v", err)
	}
	return content
}
