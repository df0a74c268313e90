package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// allScopes opens every operation.
func allScopes() []string {
	return []string{
		"shipping.read",
		"shipping.write",
	}
}

func TestTokens(t *testing.T) {
	s := start(t)
	for _, route := range []struct{ method, path string }{
		{"POST", "/v1/shipments"},
	} {
		path := strings.ReplaceAll(route.path, "{id}", uuid.NewString())
		for _, tt := range []struct {
			authorization, challenge string
			status                   int
		}{
			{"", "Bearer realm=", http.StatusUnauthorized},
			{"Bearer " + s.issuer.Sign(map[string]any{"aud": "somebody-else"}), `error="invalid_token"`, http.StatusUnauthorized},
			{"Bearer " + s.issuer.Token(), `error="insufficient_scope"`, http.StatusForbidden},
		} {
			got := s.do(t, route.method, path, "", "Authorization: "+tt.authorization)
			got.want(t, tt.status)
			if challenge := got.header.Get("WWW-Authenticate"); !strings.Contains(challenge, tt.challenge) {
				t.Errorf("%s %s: WWW-Authenticate is %q, want %s", route.method, path, challenge, tt.challenge)
			}
		}
	}
	if _, metrics := s.probe(t, "/metrics"); !strings.Contains(metrics, `auth_verifications_total{outcome="audience"}`) {
		t.Error("the metrics do not know why a token was refused")
	}
}
