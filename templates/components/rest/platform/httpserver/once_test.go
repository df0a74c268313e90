package httpserver_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"create-service/templates/components/rest/platform/httpserver"
	"create-service/templates/service/kernel/message"
)

// unitOf sends a request and returns the unit that its handler got.
func unitOf(t *testing.T, method, target, body string, headers ...string) (message.Unit, int) {
	t.Helper()
	f := newFixture(t, config())
	var got message.Unit
	handler := httpserver.Handle(func(c *gin.Context) (err error) {
		got, err = httpserver.Unit(c, []byte(body))
		c.Status(http.StatusNoContent)
		return err
	})
	f.Router().POST("/v1/orders", handler)
	f.Router().POST("/v1/orders/:id/pay", handler)
	f.Router().PUT("/v1/orders", handler)
	return got, f.do(method, target, body, headers...).Code
}

func TestUnitWithoutKeyIsZero(t *testing.T) {
	if got, status := unitOf(t, "POST", "/v1/orders", "{}"); !reflect.DeepEqual(got, message.Unit{}) || status != 204 {
		t.Errorf("the unit is %+v, status %d", got, status)
	}
}

func TestUnitKey(t *testing.T) {
	tests := []struct {
		name       string
		headers    []string
		wantOnce   string
		wantStatus int
	}{
		{"a key", []string{"Idempotency-Key", "k 1"}, "POST /v1/orders k 1", 204},
		{"255 characters", []string{"Idempotency-Key", strings.Repeat("k", 255)}, "POST /v1/orders " + strings.Repeat("k", 255), 204},
		{"256 characters", []string{"Idempotency-Key", strings.Repeat("k", 256)}, "", 400},
		{"empty", []string{"Idempotency-Key", ""}, "", 400},
		{"not ASCII", []string{"Idempotency-Key", "schlüssel"}, "", 400},
		{"a control character", []string{"Idempotency-Key", "a\tb"}, "", 400},
		{"two keys", []string{"Idempotency-Key", "a", "Idempotency-Key", "b"}, "", 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, status := unitOf(t, "POST", "/v1/orders", "{}", tt.headers...)
			if got.Once != tt.wantOnce || status != tt.wantStatus {
				t.Errorf("once %q, status %d; want %q, %d", got.Once, status, tt.wantOnce, tt.wantStatus)
			}
		})
	}
}

func TestUnitDigest(t *testing.T) {
	first, _ := unitOf(t, "POST", "/v1/orders", `{"a": 1}`, "Idempotency-Key", "k")
	tests := []struct {
		name, method, target, body string
		same                       bool
	}{
		{"the same request", "POST", "/v1/orders", `{"a": 1}`, true},
		{"other white space", "POST", "/v1/orders", "{\n\"a\":1}", true},
		{"another body", "POST", "/v1/orders", `{"a": 2}`, false},
		{"no JSON", "POST", "/v1/orders", `{"a": 1`, false},
		{"another method", "PUT", "/v1/orders", `{"a": 1}`, false},
		{"another path", "POST", "/v1/orders/1/pay", `{"a": 1}`, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			second, _ := unitOf(t, tt.method, tt.target, tt.body, "Idempotency-Key", "k")
			if got := second.Digest == first.Digest; got != tt.same {
				t.Errorf("the digests are equal: %v, want %v", got, tt.same)
			}
		})
	}
	one, _ := unitOf(t, "POST", "/v1/orders/1/pay", "", "Idempotency-Key", "k")
	two, _ := unitOf(t, "POST", "/v1/orders/2/pay", "", "Idempotency-Key", "k")
	if one.Once != two.Once || one.Digest == two.Digest {
		t.Error("a key that comes with another id must be recognised as reused")
	}
}

func TestUnitWithoutBody(t *testing.T) {
	tests := []struct {
		name, body, contentType string
		wantStatus              int
	}{
		{"nothing", "", "", 204},
		{"an empty object", "{ }", "application/json", 204},
		{"a field", `{"state":"paid"}`, "application/json", 400},
		{"no JSON", "pay", "application/json", 400},
		{"a form", "a=b", "application/x-www-form-urlencoded", 415},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFixture(t, config())
			f.Router().POST("/pay", httpserver.Handle(func(c *gin.Context) error {
				unit, err := httpserver.UnitWithoutBody(c)
				if err == nil && unit.Once != "POST /pay k" {
					t.Errorf("once is %q", unit.Once)
				}
				c.Status(http.StatusNoContent)
				return err
			}))
			w := f.do("POST", "/pay", tt.body, "Content-Type", tt.contentType, "Idempotency-Key", "k")
			if w.Code != tt.wantStatus {
				t.Errorf("status %d, want %d: %s", w.Code, tt.wantStatus, w.Body)
			}
		})
	}
}
