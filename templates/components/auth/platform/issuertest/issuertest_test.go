package issuertest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"create-service/templates/components/auth/platform/issuertest"
)

// ask posts a form to the token endpoint.
func ask(t *testing.T, issuer *issuertest.Issuer, form url.Values) (status int, answer map[string]any) {
	t.Helper()
	response, err := http.PostForm(issuer.TokenURL, form)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}

// keys are those that the issuer offers.
func keys(t *testing.T, issuer *issuertest.Issuer) jose.JSONWebKeySet {
	t.Helper()
	response, err := http.Get(issuer.URL + "/jwks")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var set jose.JSONWebKeySet
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil {
		t.Fatal(err)
	}
	return set
}

// claimsOf verifies the token with a key that the issuer offers.
func claimsOf(t *testing.T, issuer *issuertest.Issuer, token string) (claims map[string]any) {
	t.Helper()
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256, jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	payload, err := signed.Verify(keys(t, issuer))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestTokenForClient(t *testing.T) {
	issuer := issuertest.Start(t, "orders")
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {issuertest.ClientID}, "client_secret": {issuertest.ClientSecret},
		"scope": {"a b"}, "audience": {"payments"},
	}
	status, answer := ask(t, issuer, form)
	token, _ := answer["access_token"].(string)
	if status != http.StatusOK || answer["token_type"] != "Bearer" || answer["expires_in"] != float64(3600) {
		t.Fatalf("%d: %v", status, answer)
	}
	if claims := claimsOf(t, issuer, token); claims["aud"] != "payments" || claims["scope"] != "a b" || claims["iss"] != issuer.URL {
		t.Errorf("the claims are %v", claims)
	}
	form.Del("audience")
	_, answer = ask(t, issuer, form)
	token, _ = answer["access_token"].(string)
	if claims := claimsOf(t, issuer, token); claims["aud"] != "orders" {
		t.Errorf("without an audience, the claims are %v", claims)
	}

	form.Set("client_secret", "guess")
	if status, answer := ask(t, issuer, form); status != http.StatusUnauthorized || answer["error"] != "invalid_client" {
		t.Errorf("a wrong secret: %d, %v", status, answer)
	}
	form.Set("grant_type", "password")
	if status, answer := ask(t, issuer, form); status != http.StatusBadRequest || answer["error"] != "unsupported_grant_type" {
		t.Errorf("another grant: %d, %v", status, answer)
	}
}

func TestRotation(t *testing.T) {
	issuer := issuertest.Start(t, "orders")
	old := issuer.Token("a")
	issuer.Publish()
	if issuer.Key().KeyID != "key-1" || len(keys(t, issuer).Keys) != 2 {
		t.Error("a key that is offered must not be signed with yet")
	}
	id := issuer.Rotate()
	if issuer.Key().KeyID != id || len(keys(t, issuer).Keys) != 3 {
		t.Errorf("after the rotation, key %s of %d", issuer.Key().KeyID, len(keys(t, issuer).Keys))
	}
	claimsOf(t, issuer, old)
	claimsOf(t, issuer, issuer.Token("a"))
	issuer.Withdraw(1)
	if left := keys(t, issuer).Keys; len(left) != 1 || left[0].KeyID != id || !left[0].IsPublic() {
		t.Errorf("the keys that are left are %v", left)
	}
}

func TestDown(t *testing.T) {
	issuer := issuertest.Start(t, "orders")
	issuer.SetDown(true)
	response, err := http.Post(issuer.TokenURL, "text/plain", strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("an issuer that is down answers %d, %v", response.StatusCode, err)
	}
}
