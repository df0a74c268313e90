package apidocs_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"create-service/templates/components/rest/platform/apidocs"
)

const document = `openapi: 3.1.0
info:
  title: orders <b>
  version: v1
  description: Takes orders.
paths:
  /v1/orders/{id}:
    parameters:
      - $ref: '#/components/parameters/ID'
    patch:
      summary: Change an order
      description: A merge patch.
      requestBody:
        content:
          application/merge-patch+json: {schema: {$ref: '#/components/schemas/Order'}}
          application/json: {schema: {$ref: '#/components/schemas/Order'}}
      responses:
        '200': {$ref: '#/components/responses/Order'}
        default:
          description: What went wrong
    get:
      summary: Get an order
      parameters:
        - {name: If-None-Match, in: header, description: The version that you have., schema: {type: string}}
      responses:
        '200': {$ref: '#/components/responses/Order'}
components:
  parameters:
    ID: {name: id, in: path, required: true, schema: {type: string, format: uuid}}
  responses:
    Order:
      description: The order as it is now
      content:
        application/json: {schema: {$ref: '#/components/schemas/Order'}}
  schemas:
    Order:
      type: object
      description: One order.
      required: [zeta]
      properties:
        zeta: {type: [string, 'null'], maxLength: 254, pattern: '^[a-z]+$', description: "<script>alert(1)</script>"}
        alpha: {type: integer, minimum: 0, maximum: 9}
        state: {type: string, enum: [pending, paid]}
        lines: {type: array, items: {$ref: '#/components/schemas/Line'}}
        extra: {description: Anything.}
    Line: {type: object}
`

func pageOf(t *testing.T) string {
	t.Helper()
	page, err := apidocs.Page([]byte(document))
	if err != nil {
		t.Fatalf("Page: %v", err)
	}
	return string(page)
}

func TestPageTellsEverything(t *testing.T) {
	page := pageOf(t)
	for _, want := range []string{
		"<h1>orders &lt;b&gt; v1</h1>", "<p>Takes orders.</p>",
		"<code>GET /v1/orders/{id}</code>", "Get an order", "<code>PATCH /v1/orders/{id}</code>", "A merge patch.",
		"<td><code>id</code> *</td><td>path</td><td>string, uuid</td>", "The version that you have.",
		`<a href="#schema-Order">Order</a> as <code>application/merge-patch&#43;json</code>, or <a`,
		"The order as it is now", "What went wrong",
		`<section id="schema-Order">`, "One order.", "<code>zeta</code> *", "string or null, at most 254 characters, matching ^[a-z]&#43;$",
		"integer, at least 0, at most 9", "string, one of pending, paid", `<a href="#schema-Line">Line</a>`, "<td>any</td><td>Anything.</td>",
		"&lt;script&gt;alert(1)&lt;/script&gt;",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not have %q", want)
		}
	}
}

func TestPageKeepsTheDocumentsOrder(t *testing.T) {
	page := pageOf(t)
	if strings.Index(page, "<code>zeta</code>") > strings.Index(page, "<code>alpha</code>") {
		t.Error("the properties are not in the order of the document")
	}
}

func TestPageNeedsNothingFromElsewhere(t *testing.T) {
	page := pageOf(t)
	for _, forbidden := range []string{"<script", "src=", "http:", "https:", "@import", "style=", "ZgotmplZ"} {
		if strings.Contains(page, forbidden) {
			t.Errorf("the page has %q", forbidden)
		}
	}
}

func TestPageRefusesWhatIsNoDocument(t *testing.T) {
	if _, err := apidocs.Page([]byte("paths: [")); err == nil {
		t.Error("a broken document is accepted")
	}
}

func TestRegister(t *testing.T) {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	if err := apidocs.Register(engine, apidocs.Config{Enabled: true}, []byte(document)); err != nil {
		t.Fatalf("Register: %v", err)
	}
	yaml := get(engine, "/openapi.yaml")
	if yaml.Body.String() != document || yaml.Header().Get("Content-Type") != "application/yaml" {
		t.Errorf("/openapi.yaml is %s %.20q", yaml.Header().Get("Content-Type"), yaml.Body)
	}
	docs := get(engine, "/docs")
	if docs.Code != http.StatusOK || docs.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("/docs is %d %s", docs.Code, docs.Header().Get("Content-Type"))
	}
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(docs.Body.String())[1]
	sum := sha256.Sum256([]byte(style))
	want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; frame-ancestors 'none'"
	if got := docs.Header().Get("Content-Security-Policy"); got != want {
		t.Errorf("the policy does not allow the page's style: %q, want %q", got, want)
	}
}

func TestRegisterOffByDefault(t *testing.T) {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	if err := apidocs.Register(engine, apidocs.Config{}, []byte(document)); err != nil {
		t.Fatalf("Register: %v", err)
	}
	if routes := engine.Routes(); len(routes) != 0 {
		t.Errorf("there are routes: %v", routes)
	}
}

func get(handler http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}
