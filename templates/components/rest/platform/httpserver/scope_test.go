package httpserver_test

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/components/rest/platform/httpserver"
	"create-service/templates/service/kernel/fault"
)

func TestSpan(t *testing.T) {
	tests := []struct {
		name, method, target string
		err                  error
		wantName             string
		wantAttributes       map[string]any
		wantStatus           codes.Code
		wantEvents           int
	}{
		{
			"success", "GET", "/v1/orders/secret?q=secret", nil, "GET /v1/orders/:id",
			map[string]any{"http.request.method": "GET", "http.route": "/v1/orders/:id", "http.response.status_code": int64(200)},
			codes.Unset, 0,
		},
		{
			"a refusal is no error of the server", "GET", "/v1/orders/secret", fault.New(fault.NotFound, "secret"), "GET /v1/orders/:id",
			map[string]any{"http.request.method": "GET", "http.route": "/v1/orders/:id", "http.response.status_code": int64(404)},
			codes.Unset, 0,
		},
		{
			"an error", "GET", "/v1/orders/secret", errors.New("lost"), "GET /v1/orders/:id",
			map[string]any{"http.request.method": "GET", "http.route": "/v1/orders/:id", "http.response.status_code": int64(500), "error.type": "500"},
			codes.Error, 1,
		},
		{
			"no route", "BREW", "/secret", nil, "HTTP",
			map[string]any{"http.request.method": "_OTHER", "http.response.status_code": int64(404)},
			codes.Unset, 0,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, config())
			f.Router().GET("/v1/orders/:id", httpserver.Handle(func(*gin.Context) error { return tt.err }))
			f.do(tt.method, tt.target, "")
			span := f.spans.Ended()[0]
			if span.Name() != tt.wantName || span.SpanKind() != trace.SpanKindServer || span.Status().Code != tt.wantStatus {
				t.Errorf("the span is %q, kind %v, status %v", span.Name(), span.SpanKind(), span.Status())
			}
			if diff := cmp.Diff(tt.wantAttributes, attributesOf(span)); diff != "" {
				t.Errorf("attributes (-want +got):\n%s", diff)
			}
			if got := len(span.Events()); got != tt.wantEvents {
				t.Errorf("the span has %d events, want %d", got, tt.wantEvents)
			}
		})
	}
}

func attributesOf(span sdktrace.ReadOnlySpan) map[string]any {
	all := map[string]any{}
	for _, a := range span.Attributes() {
		all[string(a.Key)] = a.Value.AsInterface()
	}
	return all
}

func TestSpanContinuesTheCallersTrace(t *testing.T) {
	f := newFixture(t, config())
	var inHandler trace.SpanContext
	f.Router().GET("/", func(c *gin.Context) { inHandler = trace.SpanContextFromContext(c.Request.Context()) })
	f.do("GET", "/", "", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate", "a=b")
	span := f.spans.Ended()[0]
	if got := span.Parent().SpanID().String(); got != "b7ad6b7169203331" {
		t.Errorf("the parent is %s", got)
	}
	if got := span.SpanContext(); got.TraceID().String() != "0af7651916cd43dd8448eb211c80319c" || got.TraceState().String() != "a=b" {
		t.Errorf("the span's context is %v", got)
	}
	if !inHandler.Equal(span.SpanContext()) {
		t.Errorf("the handler has span %v, want %v", inHandler, span.SpanContext())
	}
}

func TestHandlerDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, config())
		f.Router().GET("/", httpserver.Handle(func(c *gin.Context) error {
			<-c.Request.Context().Done()
			return c.Request.Context().Err()
		}))
		start := time.Now()
		w := f.do("GET", "/", "")
		if took := time.Since(start); took != 10*time.Second || w.Code != http.StatusGatewayTimeout {
			t.Errorf("the answer is %d after %v, want 504 after 10 s", w.Code, took)
		}
	})
}
