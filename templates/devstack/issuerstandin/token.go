package issuerstandin

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// lifetime is how long a token is good for.
const lifetime = 12 * time.Hour

// keyID names the key by what it is, so that the key of another run has another name.
func (s *Server) keyID() string {
	sum := sha256.Sum256(s.key.N.Bytes())
	return hex.EncodeToString(sum[:8])
}

// sign returns a token as RFC 9068 has it.
func (s *Server) sign(scope, audience string) (string, error) {
	now := time.Now()
	header, err := encode(map[string]any{"alg": "RS256", "typ": "at+jwt", "kid": s.keyID()})
	if err != nil {
		return "", err
	}
	claims, err := encode(map[string]any{
		"iss":       s.url,
		"sub":       ClientID,
		"aud":       audience,
		"client_id": ClientID,
		"scope":     scope,
		"iat":       now.Unix(),
		"exp":       now.Add(lifetime).Unix(),
		"jti":       rand.Text(),
	})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(header + "." + claims))
	signature, err := rsa.SignPKCS1v15(rand.Reader, s.key, crypto.SHA256, sum[:])
	if err != nil {
		return "", err
	}
	return header + "." + claims + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

func encode(part map[string]any) (string, error) {
	text, err := json.Marshal(part)
	return base64.RawURLEncoding.EncodeToString(text), err
}

// Request asks the issuer at the address for a token.
func Request(ctx context.Context, from, scope string) (string, error) {
	form := url.Values{
		"grant_type":    {"client_credentials"},
		"client_id":     {ClientID},
		"client_secret": {ClientSecret},
		"scope":         {scope},
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, from+"/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", fmt.Errorf("no issuer answers; does `make dev` run? %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	var granted struct {
		Token string `json:"access_token"`
		Error string `json:"error"`
	}
	if err := json.NewDecoder(response.Body).Decode(&granted); err != nil {
		return "", fmt.Errorf("%s answered %s", from, response.Status)
	}
	if granted.Token == "" {
		return "", fmt.Errorf("%s answered %s: %s", from, response.Status, granted.Error)
	}
	return granted.Token, nil
}
