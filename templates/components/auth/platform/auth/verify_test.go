package auth_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"create-service/templates/components/auth/platform/auth"
	"create-service/templates/components/auth/platform/issuertest"
)

func TestGoodTokens(t *testing.T) {
	issuer := issuertest.Start(t, audience)
	verifier := open(t, config(issuer))
	now := time.Now()
	for name, tt := range map[string]struct {
		claims, header map[string]any
		scopes         []string
		client         string
	}{
		"as RFC 9068 has it":        {map[string]any{"scope": "orders.read orders.write"}, nil, []string{"orders.read", "orders.write"}, issuertest.ClientID},
		"without scopes":            {nil, nil, nil, issuertest.ClientID},
		"with a list of scopes":     {map[string]any{"scp": []string{"orders.read"}}, nil, []string{"orders.read"}, issuertest.ClientID},
		"with scp as a text":        {map[string]any{"scp": "orders.read a"}, nil, []string{"orders.read", "a"}, issuertest.ClientID},
		"with both: scope counts":   {map[string]any{"scope": "a", "scp": []string{"b"}}, nil, []string{"a"}, issuertest.ClientID},
		"for several audiences":     {map[string]any{"aud": []string{"payments", "orders"}}, nil, nil, issuertest.ClientID},
		"with azp":                  {map[string]any{"client_id": nil, "azp": "web"}, nil, nil, "web"},
		"of typ JWT":                {nil, map[string]any{"typ": "JWT"}, nil, issuertest.ClientID},
		"of typ application/at+jwt": {nil, map[string]any{"typ": "application/AT+JWT"}, nil, issuertest.ClientID},
		"expired within the skew":   {map[string]any{"exp": now.Add(-20 * time.Second).Unix()}, nil, nil, issuertest.ClientID},
		"early within the skew":     {map[string]any{"nbf": now.Add(20 * time.Second).Unix()}, nil, nil, issuertest.ClientID},
		"with a fraction":           {map[string]any{"exp": float64(now.Add(time.Hour).Unix()) + 0.5}, nil, nil, issuertest.ClientID},
		"with other claims":         {map[string]any{"roles": []int{1}, "nested": map[string]any{"sub": "x"}}, nil, nil, issuertest.ClientID},
	} {
		t.Run(name, func(t *testing.T) {
			token := issuertest.Sign(issuer.Key(), issuer.Claims(tt.claims), tt.header)
			for range 2 {
				p, err := verifier.Verify(t.Context(), token)
				if err != nil {
					t.Fatal(err)
				}
				if p.Subject != "test-subject" || p.ClientID != tt.client || !slices.Equal(p.Scopes, tt.scopes) {
					t.Errorf("the principal is %+v", p)
				}
			}
		})
	}
	if cached := verifier.value(t, "auth_verifications_total", "cached"); cached != 13-1 {
		t.Errorf("%v tokens were remembered, want all but the one whose time is over", cached)
	}
}

// TestOutcomesAreCounted, each by its name.
func TestOutcomesAreCounted(t *testing.T) {
	issuer := issuertest.Start(t, audience)
	verifier := open(t, config(issuer))
	_, _ = verifier.Verify(t.Context(), "x")
	_, _ = verifier.Guard(table()).Authorize(t.Context(), restRoute, nil)
	_, _ = verifier.Guard(table()).Authorize(t.Context(), restRoute, []string{"Bearer " + issuer.Token()})
	for outcome, want := range map[string]float64{"malformed": 1, "missing": 1, "scope": 1, "verified": 1, "cached": 0} {
		if got := verifier.value(t, "auth_verifications_total", outcome); got != want {
			t.Errorf("%s is counted %v times, want %v", outcome, got, want)
		}
	}
	if got := verifier.value(t, "auth_jwks_refreshes_total", "ok"); got != 1 {
		t.Errorf("%v fetches of the keys are counted, want 1", got)
	}
	if got := verifier.value(t, "auth_cached_tokens", ""); got != 1 {
		t.Errorf("%v tokens are remembered, want 1", got)
	}
	if age := verifier.value(t, "auth_jwks_age_seconds", ""); age < 0 || age > 60 {
		t.Errorf("the keys are %v seconds old", age)
	}
}

func TestAudienceOfTheConfiguration(t *testing.T) {
	issuer := issuertest.Start(t, "another")
	cfg := config(issuer)
	cfg.Audience = "another"
	if _, err := open(t, cfg).Verify(t.Context(), issuer.Token()); err != nil {
		t.Error(err)
	}
}

// TestKeysOverTLS trusts the authority that it is told, and no other.
func TestKeysOverTLS(t *testing.T) {
	issuer := issuertest.Start(t, audience)
	mux := http.NewServeMux()
	secure := httptest.NewTLSServer(mux)
	t.Cleanup(secure.Close)
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": secure.URL, "jwks_uri": secure.URL + "/jwks"})
	})
	mux.HandleFunc("GET /jwks", func(w http.ResponseWriter, _ *http.Request) {
		key := issuer.Key()
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}})
	})
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	token := issuer.Sign(map[string]any{"iss": secure.URL})
	cfg := configOf(secure.URL)
	if _, err := open(t, cfg).Verify(t.Context(), token); reasonOf(t, err) != auth.NoKeys {
		t.Errorf("with an authority that nobody knows: %v", err)
	}
	cfg.CAFile = file
	if _, err := open(t, cfg).Verify(t.Context(), token); err != nil {
		t.Errorf("with the authority: %v", err)
	}
}

// TestMetadataThatLies is not believed.
func TestMetadataThatLies(t *testing.T) {
	issuer := issuertest.Start(t, audience)
	for name, metadata := range map[string]map[string]string{
		"another issuer": {"issuer": "https://evil.example", "jwks_uri": issuer.URL + "/jwks"},
		"no keys":        {"issuer": ""},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(metadata) }))
			t.Cleanup(server.Close)
			if _, err := open(t, configOf(server.URL)).Verify(t.Context(), issuer.Token()); reasonOf(t, err) != auth.NoKeys {
				t.Errorf("with such metadata: %v", err)
			}
		})
	}
}

// FuzzVerify: whatever is sent, only a token of the issuer is accepted, and nothing makes the verifier panic.
func FuzzVerify(f *testing.F) {
	issuer := issuertest.Start(f, audience)
	verifier := open(f, config(issuer))
	good := issuer.Token("orders.read")
	parts := strings.Split(good, ".")
	f.Add(good)
	f.Add(parts[0] + "." + parts[1] + ".")
	f.Add("e30.e30.")
	f.Add(parts[0] + "..")
	f.Add(encode(`{"alg":"ES256","kid":1}`) + "." + parts[1] + "." + parts[2])
	f.Fuzz(func(t *testing.T, token string) {
		if _, err := verifier.Verify(t.Context(), token); (err == nil) != (token == good) {
			t.Errorf("the error is %v", err)
		}
	})
}

// TestCheckWaits for the first fetch: a service that has just started is not reported as one without an issuer.
func TestCheckWaits(t *testing.T) {
	issuer := issuertest.Start(t, audience)
	verifier := open(t, config(issuer))
	if err := verifier.Check(t.Context()); err != nil || issuer.Fetches() != 1 {
		t.Errorf("Check: %v after %d fetches", err, issuer.Fetches())
	}
	if err := verifier.Check(t.Context()); err != nil || issuer.Fetches() != 1 {
		t.Errorf("Check again: %v after %d fetches, want no more", err, issuer.Fetches())
	}
}

// TestIssuerHangs: a fetch ends by itself.
func TestIssuerHangs(t *testing.T) {
	hangs := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hangs }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(hangs) })
	cfg := configOf(server.URL)
	cfg.Timeout = 100 * time.Millisecond
	verifier := open(t, cfg)
	begin := time.Now()
	if err := verifier.Check(t.Context()); err == nil || time.Since(begin) > time.Second {
		t.Errorf("after %v: %v", time.Since(begin), err)
	}
}

// TestCallerLeaves: nobody waits for keys longer than his call lasts.
func TestCallerLeaves(t *testing.T) {
	hangs := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hangs }))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(hangs) })
	issuer := issuertest.Start(t, audience)
	verifier := open(t, configOf(server.URL))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if _, err := verifier.Verify(ctx, issuer.Token()); reasonOf(t, err) != auth.NoKeys || time.Since(begin) > time.Second {
		t.Errorf("after %v: %v", time.Since(begin), err)
	}
}
