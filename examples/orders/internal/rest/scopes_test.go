package rest_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/acme/orders/api/openapi"
	"github.com/acme/orders/internal/platform/apidocs"
	"github.com/acme/orders/internal/platform/auth"
	"github.com/acme/orders/internal/platform/httpserver"
	"github.com/acme/orders/internal/rest"
)

// guard has the rules of the API. A token is the scopes that it has.
func guard() auth.Guard {
	return auth.Guard{
		Realm: "orders",
		Table: rest.Scopes(),
		Verify: func(_ context.Context, token string) (*auth.Principal, error) {
			return &auth.Principal{Subject: "test", Scopes: strings.Fields(token)}, nil
		},
	}
}

func TestEveryRouteHasScopes(t *testing.T) {
	api := newAPI(t, rest.UseCases{})
	if err := apidocs.Register(api.server.Router(), apidocs.Config{Enabled: true}, openapi.Document); err != nil {
		t.Fatal(err)
	}
	var routes []string
	for _, route := range api.server.Routes() {
		routes = append(routes, route.Method+" "+route.Path)
	}
	slices.Sort(routes)
	if diff := cmp.Diff(routes, slices.Sorted(maps.Keys(rest.Scopes()))); diff != "" {
		t.Errorf("the table of scopes is not that of the routes (-routes +table):\n%s", diff)
	}
}

func TestScopesAreThoseOfTheDocument(t *testing.T) {
	scopes := map[string][]string{}
	for _, route := range newAPI(t, rest.UseCases{}).server.Routes() {
		operation := route.Method + " " + route.Path
		scopes[operation] = rest.Scopes()[operation].Scopes()
	}
	newAPI(t, rest.UseCases{}).contract.SameScopes(t, scopes)
}

func TestRoutesRefuse(t *testing.T) {
	api := newAPI(t, rest.UseCases{}, func(deps *httpserver.Deps) { deps.Authorize = guard().Authorize })
	for _, route := range api.server.Routes() {
		operation := route.Method + " " + route.Path
		rule := rest.Scopes()[operation]
		if rule.IsPublic() {
			continue
		}
		t.Run(operation, func(t *testing.T) {
			path := strings.ReplaceAll(route.Path, ":id", uuid.NewString())
			ask := func(authorization ...string) (status int, challenge string) {
				request := httptest.NewRequestWithContext(t.Context(), route.Method, path, http.NoBody)
				request.Header["Authorization"] = authorization
				response := api.contract.Do(t, request)
				_ = response.Body.Close()
				return response.StatusCode, response.Header.Get("WWW-Authenticate")
			}
			if status, challenge := ask(); status != http.StatusUnauthorized || challenge == "" {
				t.Errorf("without a token: status %d, challenge %q", status, challenge)
			}
			if len(rule.Scopes()) == 0 {
				return
			}
			enough := strings.Join(rule.Scopes(), " ")
			few := strings.Join(rule.Scopes()[1:], " ") + " another.scope"
			if status, challenge := ask("Bearer " + few); status != http.StatusForbidden || !strings.Contains(challenge, enough) {
				t.Errorf("with too few scopes: status %d, challenge %q", status, challenge)
			}
			if _, err := guard().Authorize(t.Context(), operation, []string{"Bearer " + enough}); err != nil {
				t.Errorf("with %s: %v", enough, err)
			}
		})
	}
}
