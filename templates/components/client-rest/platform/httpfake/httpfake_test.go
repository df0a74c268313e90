package httpfake_test

import (
	"fmt"
	"net/http"
	"testing"

	"create-service/templates/components/client-rest/platform/httpclient"
	"create-service/templates/components/client-rest/platform/httpfake"
)

const document = `openapi: 3.1.0
info: { title: inventory, version: v1 }
paths:
  /v1/items/{id}:
    get:
      operationId: getItem
      parameters: [{ name: id, in: path, required: true, schema: { type: string, format: uuid } }]
      responses:
        '200':
          description: The item
          headers: { ETag: { required: true, schema: { type: string } } }
          content: { application/json: { schema: { $ref: '#/components/schemas/Item' } } }
    delete:
      operationId: deleteItem
      parameters: [{ name: id, in: path, required: true, schema: { type: string, format: uuid } }]
      responses: { '204': { description: Gone } }
components:
  schemas:
    Item:
      type: object
      required: [id, name, stock, state, tags, seen, fits]
      properties:
        id: { type: string, format: uuid }
        name: { type: string, minLength: 9 }
        stock: { type: integer, minimum: 3 }
        state: { type: string, enum: [ready, gone] }
        tags: { type: array, items: { type: string, maxLength: 2 } }
        seen: { type: string, format: date-time }
        fits: { type: boolean }
        note: { type: [string, 'null'] }
`

const id = "0190b2f0-7c1a-7000-8000-000000000002"

func request(method, id string) httpclient.Request {
	return httpclient.Request{Method: method, Route: "/v1/items/{id}", Path: "/v1/items/" + id}
}

func TestItAnswersFromTheDocument(t *testing.T) {
	client := httpfake.Serve(t, "inventory", []byte(document), nil)
	got, err := httpclient.Fetch[map[string]any](t.Context(), client, request(http.MethodGet, id))
	want := "map[fits:true id:0190b2f0-7c1a-7000-8000-000000000001 name:exampleee seen:2026-01-02T03:04:05Z state:ready stock:3 tags:[ex]]"
	if err != nil || fmt.Sprint(got.Body) != want || got.ETag() != "example" {
		t.Errorf("%v, ETag %q, %v; want %v", got.Body, got.ETag(), err, want)
	}
	if answer, err := client.Do(t.Context(), request(http.MethodDelete, id)); err != nil || answer.Status != http.StatusNoContent {
		t.Errorf("%+v, %v; want 204", answer, err)
	}
}

func TestItAnswersAsATestSays(t *testing.T) {
	client := httpfake.Serve(t, "inventory", []byte(document), httpfake.Answers{
		"getItem": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) },
	})
	if _, err := client.Do(t.Context(), request(http.MethodGet, id)); httpclient.StatusOf(err) != http.StatusNotFound {
		t.Errorf("error %v, want 404", err)
	}
}

// complaints is a test that takes failures down instead of failing.
type complaints struct {
	testing.TB
	count int
}

func (c *complaints) Errorf(string, ...any) { c.count++ }

func TestItHoldsCallersToTheDocument(t *testing.T) {
	inner := &complaints{TB: t}
	client := httpfake.Serve(inner, "inventory", []byte(document), httpfake.Answers{"makeItem": nil})
	if inner.count != 1 {
		t.Errorf("%d complaints about an answer to no operation, want 1", inner.count)
	}
	for _, wrong := range []httpclient.Request{request(http.MethodGet, "seven"), request(http.MethodPost, id)} {
		before := inner.count
		if _, err := client.Do(t.Context(), wrong); err == nil || inner.count != before+1 {
			t.Errorf("%s %s: error %v, %d complaints; want an error and one", wrong.Method, wrong.Path, err, inner.count-before)
		}
	}
}
