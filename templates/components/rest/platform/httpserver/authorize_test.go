package httpserver_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"create-service/templates/components/rest/platform/httpserver"
	"create-service/templates/service/kernel/fault"
)

// refusal is one as an authorizer returns it.
type refusal struct{ error }

func (refusal) Challenge() string { return `Bearer realm="orders"` }
func (refusal) Reason() string    { return "missing" }
func (r refusal) Unwrap() error   { return r.error }

type nameKey struct{}

// onlyAda lets in whoever sends the one credential, and keeps what it was asked.
type onlyAda struct{ asked []string }

func (a *onlyAda) authorize(ctx context.Context, route string, credentials []string) (context.Context, error) {
	a.asked = append(a.asked, route)
	if !slices.Equal(credentials, []string{"Bearer ada"}) {
		return nil, refusal{fault.New(fault.Unauthenticated, "who are you")}
	}
	return context.WithValue(ctx, nameKey{}, "ada"), nil
}

func TestAuthorize(t *testing.T) {
	var only onlyAda
	f := newFixture(t, config(), func(d *httpserver.Deps) { d.Authorize = only.authorize })
	reached := ""
	f.Router().POST("/v1/orders/:id", func(c *gin.Context) {
		reached, _ = c.Request.Context().Value(nameKey{}).(string)
		c.Status(http.StatusNoContent)
	})

	if got := f.do(http.MethodPost, "/v1/orders/1", "", "Authorization", "Bearer ada"); got.Code != http.StatusNoContent || reached != "ada" {
		t.Errorf("with the credential: status %d, the handler knows %q", got.Code, reached)
	}
	reached = ""
	got := f.do(http.MethodPost, "/v1/orders/1", strings.Repeat("x", 2<<20))
	if p := readProblem(t, got); p.Status != http.StatusUnauthorized || reached != "" {
		t.Errorf("without: %+v, the handler knows %q", p, reached)
	}
	if challenge := got.Header().Get("WWW-Authenticate"); challenge != `Bearer realm="orders"` {
		t.Errorf("WWW-Authenticate is %q", challenge)
	}
	lines := f.lines(t)
	if last := lines[len(lines)-1]; last["event.reason"] != "missing" || last["http.response.status_code"] != float64(http.StatusUnauthorized) {
		t.Errorf("the refusal is logged as %v", last)
	}
	if want := []string{"POST /v1/orders/:id", "POST /v1/orders/:id"}; !slices.Equal(only.asked, want) {
		t.Errorf("asked for %q, want %q", only.asked, want)
	}
}

// TestAuthorizeOnlyRoutes: what has no route reaches nothing, and is answered as ever.
func TestAuthorizeOnlyRoutes(t *testing.T) {
	var only onlyAda
	f := newFixture(t, config(), func(d *httpserver.Deps) { d.Authorize = only.authorize })
	f.Router().GET("/v1/orders", noContent)
	for path, want := range map[string]int{"/nowhere": http.StatusNotFound, "/v1/orders": http.StatusMethodNotAllowed} {
		if got := f.do(http.MethodPut, path, ""); got.Code != want {
			t.Errorf("PUT %s: status %d, want %d", path, got.Code, want)
		}
	}
	if len(only.asked) > 0 {
		t.Errorf("asked for %q", only.asked)
	}
	if got := f.do(http.MethodHead, "/v1/orders", ""); got.Code != http.StatusUnauthorized || !slices.Equal(only.asked, []string{"GET /v1/orders"}) {
		t.Errorf("HEAD: status %d, asked for %q", got.Code, only.asked)
	}
}
