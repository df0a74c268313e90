// Package issuertest is an issuer of tokens for tests: an OpenID provider as far as services need one, with metadata, keys
// that rotate, and tokens for clients (RFC 6749, section 4.4). It signs whatever a test wants signed.
package issuertest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// ClientID and ClientSecret are the one client that POST /token knows.
const (
	ClientID     = "test-client"
	ClientSecret = "test-client-secret"
)

// lifetime is how long tokens are good for.
const lifetime = time.Hour

// Issuer is a running issuer.
type Issuer struct {
	// URL is what a service is configured with, as AUTH_ISSUER.
	URL string
	// TokenURL is where clients get their tokens.
	TokenURL string

	audience string
	server   *httptest.Server
	down     atomic.Bool
	fetches  atomic.Int64

	mu   sync.Mutex
	keys []jose.JSONWebKey
}

// Start returns an issuer that runs until the test ends. Its tokens are for the audience, unless they say otherwise.
func Start(tb testing.TB, audience string) *Issuer {
	tb.Helper()
	i, err := New(audience)
	if err != nil {
		tb.Fatalf("issuertest: %v", err)
	}
	tb.Cleanup(i.Close)
	return i
}

// New is [Start] for a program; it must be closed.
func New(audience string) (*Issuer, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	i := &Issuer{audience: audience, keys: []jose.JSONWebKey{signingKey("key-1", jose.RS256, private)}}
	i.server = httptest.NewServer(i.routes())
	i.URL, i.TokenURL = i.server.URL, i.server.URL+"/token"
	return i, nil
}

// Close ends the issuer.
func (i *Issuer) Close() { i.server.Close() }

// Environment returns the KEY=value lines by which a service knows the issuer, and itself as a client of it.
func (i *Issuer) Environment() []string {
	return []string{"AUTH_ISSUER=" + i.URL, "CLIENT_TOKEN_URL=" + i.TokenURL, "CLIENT_ID=" + ClientID, "CLIENT_SECRET=" + ClientSecret}
}

// SetDown makes the issuer answer 503 to everything, or end that.
func (i *Issuer) SetDown(down bool) { i.down.Store(down) }

// Fetches is how often the keys were asked for.
func (i *Issuer) Fetches() int { return int(i.fetches.Load()) }

// Rotate signs with a new key from now on, and returns its id. The keys before stay, until [Issuer.Withdraw].
func (i *Issuer) Rotate() string {
	id := i.Publish()
	i.mu.Lock()
	defer i.mu.Unlock()
	last := len(i.keys) - 1
	i.keys = append(i.keys[last:], i.keys[:last]...)
	return id
}

// Publish offers a key that is not signed with yet, and returns its id. It is an ES256 key.
func (i *Issuer) Publish() string {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	id := fmt.Sprintf("key-%d-%s", len(i.keys)+1, rand.Text()[:4])
	i.keys = append(i.keys, signingKey(id, jose.ES256, private))
	return id
}

// Add offers a key in addition, as it is. It signs only what [Sign] is given it for.
func (i *Issuer) Add(key jose.JSONWebKey) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = append(i.keys, key)
}

// Withdraw takes all keys back but the newest ones; the one that is signed with is always kept.
func (i *Issuer) Withdraw(keep int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys = i.keys[:max(1, min(keep, len(i.keys)))]
}

// Key is the key that is signed with, its private part included.
func (i *Issuer) Key() jose.JSONWebKey {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.keys[0]
}

// Token returns a token with the scopes, for an hour.
func (i *Issuer) Token(scopes ...string) string {
	return i.Sign(map[string]any{"scope": strings.Join(scopes, " ")})
}

// Claims are those of a good token without scopes, with changes: a nil takes a claim away.
func (i *Issuer) Claims(changes map[string]any) map[string]any {
	now := time.Now()
	claims := map[string]any{
		"iss":       i.URL,
		"sub":       "test-subject",
		"aud":       i.audience,
		"client_id": ClientID,
		"iat":       now.Unix(),
		"exp":       now.Add(lifetime).Unix(),
		"jti":       rand.Text(),
	}
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	return claims
}

// Sign returns a token with [Issuer.Claims].
func (i *Issuer) Sign(changes map[string]any) string {
	return Sign(i.Key(), i.Claims(changes), nil)
}

// Sign returns a token that is signed with the key, by the algorithm that the key is for. The header may be given more,
// or have its typ changed.
func Sign(key jose.JSONWebKey, claims, header map[string]any) string {
	payload, err := json.Marshal(claims)
	if err != nil {
		panic(err)
	}
	return SignPayload(key, payload, header)
}

// SignPayload is [Sign] of any bytes.
func SignPayload(key jose.JSONWebKey, payload []byte, header map[string]any) string {
	options := (&jose.SignerOptions{}).WithType("at+jwt")
	for _, name := range slices.Sorted(maps.Keys(header)) {
		options = options.WithHeader(jose.HeaderKey(name), header[name])
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: key}, options)
	if err != nil {
		panic(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		panic(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		panic(err)
	}
	return token
}

func signingKey(id string, algorithm jose.SignatureAlgorithm, private crypto.Signer) jose.JSONWebKey {
	return jose.JSONWebKey{Key: private, KeyID: id, Algorithm: string(algorithm), Use: "sig"}
}
