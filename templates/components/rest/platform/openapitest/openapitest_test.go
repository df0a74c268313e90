package openapitest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"create-service/templates/components/rest/platform/openapitest"
)

const document = `openapi: 3.1.0
info: {title: orders, version: v1}
servers: [{url: 'https://orders.example/api'}]
paths:
  /v1/orders:
    post:
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/New'}}
      responses:
        '201':
          description: The new order
          headers:
            ETag: {required: true, schema: {type: string}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Order'}}
        default:
          description: What went wrong
          content:
            application/problem+json: {schema: {type: object, required: [status]}}
  /v1/orders/{id}:
    delete:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
      responses:
        '204': {description: It is gone}
components:
  schemas:
    New:
      type: object
      required: [total]
      additionalProperties: false
      properties:
        total: {type: string, format: decimal}
        note: {type: [string, 'null']}
    Order:
      type: object
      required: [id, total, at, day, version]
      additionalProperties: false
      properties:
        id: {type: string, format: uuid}
        total: {type: string, format: decimal}
        at: {type: string, format: date-time}
        day: {type: string, format: date}
        version: {type: string, format: int64}
`

const (
	id    = "01890a5d-ac96-774b-bcce-b302099a8057"
	order = `{"id":"` + id + `","total":"1.50","at":"2026-02-03T04:05:06Z","day":"2026-02-03","version":"1"}`
)

// spy is a test that fails without failing this one.
type spy struct {
	testing.TB
	failures []string
}

func (s *spy) Helper() {}
func (s *spy) Errorf(format string, args ...any) {
	s.failures = append(s.failures, fmt.Sprintf(format, args...))
}

// Fatalf ends the spied test, as the real one does.
func (s *spy) Fatalf(format string, args ...any) {
	s.Errorf(format, args...)
	panic(s)
}

// failures runs body and returns how it failed.
func failures(t *testing.T, body func(*spy)) (all []string) {
	t.Helper()
	s := &spy{TB: t}
	defer func() {
		if r := recover(); r != nil && r != any(s) {
			panic(r)
		}
		all = s.failures
	}()
	body(s)
	return nil
}

func wantFailure(t *testing.T, got []string, want string) {
	t.Helper()
	if want == "" {
		if len(got) > 0 {
			t.Errorf("it fails with %q", got)
		}
		return
	}
	if len(got) != 1 || !strings.Contains(got[0], want) {
		t.Errorf("it fails with %q, want %q", got, want)
	}
}

// answer is a handler that always says the same.
func answer(status int, contentType, etag, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		if etag != "" {
			w.Header().Set("ETag", etag)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

func TestDoHoldsAnswersToTheDocument(t *testing.T) {
	tests := []struct {
		name         string
		handler      http.Handler
		method, path string
		body         string
		want         string
	}{
		{"what it allows", answer(201, "application/json; charset=utf-8", `"1"`, order), "POST", "/v1/orders", `{"total":"1.5","note":null}`, ""},
		{"a problem", answer(409, "application/problem+json", "", `{"status":409}`), "POST", "/v1/orders", `{"total":"1.5"}`, ""},
		{"a refusal of what it refuses", answer(400, "application/problem+json", "", `{"status":400}`), "POST", "/v1/orders", `{}`, ""},
		{"no body", answer(204, "", "", ""), "DELETE", "/v1/orders/" + id, "", ""},
		{"a request that it refuses is accepted", answer(201, "application/json", `"1"`, order), "POST", "/v1/orders", `{"total":1.5}`, "refuses it"},
		{"an unknown property is accepted", answer(201, "application/json", `"1"`, order), "POST", "/v1/orders", `{"total":"1","x":1}`, "refuses it"},
		{"a path parameter that it refuses is accepted", answer(204, "", "", ""), "DELETE", "/v1/orders/7", "", "refuses it"},
		{"a body that it does not have is accepted", answer(204, "", "", ""), "DELETE", "/v1/orders/" + id, `{}`, "refuses it"},
		{"no such path", answer(200, "", "", ""), "GET", "/v1/invoices", "", "is not in the OpenAPI document"},
		{"no such method", answer(200, "", "", ""), "GET", "/v1/orders", "", "is not in the OpenAPI document"},
		{"no such status", answer(202, "", "", ""), "DELETE", "/v1/orders/" + id, "", "does not allow this answer"},
		{"another media type", answer(201, "text/plain", `"1"`, order), "POST", "/v1/orders", `{"total":"1"}`, "does not allow this answer"},
		{"a header is missing", answer(201, "application/json", "", order), "POST", "/v1/orders", `{"total":"1"}`, "does not allow this answer"},
		{"a property is missing", answer(201, "application/json", `"1"`, strings.Replace(order, `"total":"1.50",`, "", 1)), "POST", "/v1/orders", `{"total":"1"}`, "does not allow this answer"},
		{"a property too many", answer(201, "application/json", `"1"`, strings.Replace(order, `{`, `{"x":1,`, 1)), "POST", "/v1/orders", `{"total":"1"}`, "does not allow this answer"},
		{"null", answer(201, "application/json", `"1"`, strings.Replace(order, `"1.50"`, `null`, 1)), "POST", "/v1/orders", `{"total":"1"}`, "does not allow this answer"},
		{"no UUID", answer(201, "application/json", `"1"`, strings.Replace(order, id, "7", 1)), "POST", "/v1/orders", `{"total":"1"}`, "does not allow this answer"},
		{"no decimal", answer(201, "application/json", `"1"`, strings.Replace(order, "1.50", "1,50", 1)), "POST", "/v1/orders", `{"total":"1"}`, "does not allow this answer"},
		{"no time", answer(201, "application/json", `"1"`, strings.Replace(order, "T04", " 04", 1)), "POST", "/v1/orders", `{"total":"1"}`, "does not allow this answer"},
		{"no date", answer(201, "application/json", `"1"`, strings.Replace(order, `"2026-02-03"`, `"2026-02-31"`, 1)), "POST", "/v1/orders", `{"total":"1"}`, "does not allow this answer"},
		{"no integer", answer(201, "application/json", `"1"`, strings.Replace(order, `"version":"1"`, `"version":"one"`, 1)), "POST", "/v1/orders", `{"total":"1"}`, "does not allow this answer"},
		{"a body where there is none", answer(204, "application/json", "", "{}"), "DELETE", "/v1/orders/" + id, "", "with a body"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			contract := openapitest.New(t, []byte(document), tt.handler)
			r := httptest.NewRequest(tt.method, tt.path, strings.NewReader(tt.body))
			if tt.body == "" {
				r = httptest.NewRequest(tt.method, tt.path, nil)
			}
			r.Header.Set("Content-Type", "application/json")
			wantFailure(t, failures(t, func(s *spy) { contract.Do(s, r).Body.Close() }), tt.want)
		})
	}
}

func TestDoReturnsTheAnswer(t *testing.T) {
	contract := openapitest.New(t, []byte(document), answer(201, "application/json", `"1"`, order))
	r := httptest.NewRequest(http.MethodPost, "/v1/orders", strings.NewReader(`{"total":"1.5"}`))
	r.Header.Set("Content-Type", "application/json")
	got := contract.Do(t, r)
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil || string(body) != order || got.StatusCode != http.StatusCreated {
		t.Errorf("the answer is %d %s %v", got.StatusCode, body, err)
	}
}

func TestSameRoutes(t *testing.T) {
	contract := openapitest.New(t, []byte(document), nil)
	same := gin.RoutesInfo{{Method: "POST", Path: "/v1/orders"}, {Method: "DELETE", Path: "/v1/orders/:id"}}
	tests := []struct {
		name   string
		routes gin.RoutesInfo
		want   string
	}{
		{"the same", same, ""},
		{"one is missing", same[:1], "DELETE /v1/orders/{id}"},
		{"one too many", append(same[:2:2], gin.RouteInfo{Method: "GET", Path: "/v1/orders/:id"}), "GET /v1/orders/{id}"},
		{"another parameter", gin.RoutesInfo{same[0], {Method: "DELETE", Path: "/v1/orders/:order"}}, "{order}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantFailure(t, failures(t, func(s *spy) { contract.SameRoutes(s, tt.routes) }), tt.want)
		})
	}
}

func TestAllSucceeded(t *testing.T) {
	contract := openapitest.New(t, []byte(document), answer(204, "", "", ""))
	r := httptest.NewRequest(http.MethodDelete, "/v1/orders/"+id, nil)
	contract.Do(t, r).Body.Close()
	wantFailure(t, failures(t, func(s *spy) { contract.AllSucceeded(s) }), "POST /v1/orders is in the OpenAPI document")
}

func TestNewRefusesBadDocuments(t *testing.T) {
	tests := []struct{ name, document, want string }{
		{"no YAML", "a: [", "cannot be read"},
		{"OpenAPI 3.0", strings.Replace(document, "3.1.0", "3.0.3", 1), `has version "3.0.3"`},
		{"a reference to nothing", strings.Replace(document, "schemas/New'", "schemas/Lost'", 1), "cannot be read"},
		{"an operation without answers", "openapi: 3.1.0\ninfo: {title: t}\npaths: {}\n", "is not valid"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			wantFailure(t, failures(t, func(s *spy) { openapitest.New(s, []byte(tt.document), nil) }), tt.want)
		})
	}
}

func TestSameScopes(t *testing.T) {
	guarded := strings.Replace(document, "      requestBody:\n", "      security: [{token: [orders.write]}]\n      requestBody:\n", 1) +
		"  securitySchemes: {token: {type: http, scheme: bearer}}\n"
	contract := openapitest.New(t, []byte(guarded), http.NotFoundHandler())
	for name, tt := range map[string]struct {
		scopes map[string][]string
		same   bool
	}{
		"the same":        {map[string][]string{"POST /v1/orders": {"orders.write"}, "DELETE /v1/orders/:id": nil}, true},
		"another scope":   {map[string][]string{"POST /v1/orders": {"orders.read"}, "DELETE /v1/orders/:id": nil}, false},
		"a scope too":     {map[string][]string{"POST /v1/orders": {"orders.write"}, "DELETE /v1/orders/:id": {"orders.write"}}, false},
		"a route too few": {map[string][]string{"POST /v1/orders": {"orders.write"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := failures(t, func(s *spy) { contract.SameScopes(s, tt.scopes) }); (len(got) == 0) != tt.same {
				t.Errorf("the failures are %q", got)
			}
		})
	}
}
