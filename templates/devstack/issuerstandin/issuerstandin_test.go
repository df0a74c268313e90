package issuerstandin_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"flag"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"create-service/templates/devstack/issuerstandin"
)

// start returns where the issuer is.
func start(t *testing.T, cfg *issuerstandin.Config) string {
	t.Helper()
	s, err := issuerstandin.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	at, found := strings.CutPrefix(s.Environment()[0], "AUTH_ISSUER=")
	if !found {
		t.Fatalf("environment %q, want AUTH_ISSUER", s.Environment())
	}
	return at
}

func get(t *testing.T, from string, into any) {
	t.Helper()
	response, err := http.Get(from)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		t.Fatal(err)
	}
}

func decode(t *testing.T, text string) []byte {
	t.Helper()
	plain, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// TestToken follows the way of a service: metadata, keys, signature, claims.
func TestToken(t *testing.T) {
	flags := flag.NewFlagSet("devstack", flag.ContinueOnError)
	at := start(t, issuerstandin.Flags(flags, "orders"))
	token, err := issuerstandin.Request(t.Context(), at, "orders.read orders.write")
	if err != nil {
		t.Fatal(err)
	}
	var metadata struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	get(t, at+"/.well-known/openid-configuration", &metadata)
	if metadata.Issuer != at {
		t.Errorf("the metadata is of %s, want %s", metadata.Issuer, at)
	}
	var set struct{ Keys []struct{ Kid, N, E string } }
	get(t, metadata.Keys, &set)

	parts := strings.Split(token, ".")
	var header struct{ Alg, Typ, Kid string }
	if err := json.Unmarshal(decode(t, parts[0]), &header); err != nil {
		t.Fatal(err)
	}
	if header.Alg != "RS256" || header.Typ != "at+jwt" || header.Kid != set.Keys[0].Kid {
		t.Errorf("the header is %+v", header)
	}
	public := &rsa.PublicKey{
		N: new(big.Int).SetBytes(decode(t, set.Keys[0].N)),
		E: int(new(big.Int).SetBytes(decode(t, set.Keys[0].E)).Int64()),
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], decode(t, parts[2])); err != nil {
		t.Error(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(decode(t, parts[1]), &claims); err != nil {
		t.Fatal(err)
	}
	if claims["iss"] != at || claims["aud"] != "orders" || claims["scope"] != "orders.read orders.write" || claims["sub"] == "" {
		t.Errorf("the claims are %v", claims)
	}
}

func TestRefusesOthers(t *testing.T) {
	at := start(t, &issuerstandin.Config{Addr: "127.0.0.1:0"})
	response, err := http.PostForm(at+"/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {"x"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusUnauthorized {
		t.Errorf("another client: %d, %v", response.StatusCode, err)
	}
}

func TestNoIssuer(t *testing.T) {
	if _, err := issuerstandin.Request(t.Context(), "http://127.0.0.1:1", ""); err == nil || !strings.Contains(err.Error(), "make dev") {
		t.Errorf("the error is %v, want advice", err)
	}
}

// TestNameInsideOfCompose: the address in the tokens may be another one than that by which they are asked for.
func TestNameInsideOfCompose(t *testing.T) {
	s, err := issuerstandin.Start(t.Context(), &issuerstandin.Config{Addr: "127.0.0.1:0", URL: "http://issuer:8082"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if got := s.Environment()[0]; got != "AUTH_ISSUER=http://issuer:8082" {
		t.Errorf("the service is told %s", got)
	}
}
