package issuertest

import (
	"cmp"
	"encoding/json"
	"net/http"

	"github.com/go-jose/go-jose/v4"
)

func (i *Issuer) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", i.metadata)
	mux.HandleFunc("GET /jwks", i.published)
	mux.HandleFunc("POST /token", i.grant)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if i.down.Load() {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// metadata is where everything is (OpenID Connect Discovery, section 3).
func (i *Issuer) metadata(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{
		"issuer":                                i.URL,
		"jwks_uri":                              i.URL + "/jwks",
		"token_endpoint":                        i.TokenURL,
		"grant_types_supported":                 []string{"client_credentials"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic"},
	})
}

// published are the public parts of the keys.
func (i *Issuer) published(w http.ResponseWriter, _ *http.Request) {
	i.fetches.Add(1)
	i.mu.Lock()
	defer i.mu.Unlock()
	set := jose.JSONWebKeySet{}
	for _, key := range i.keys {
		if public := key.Public(); public.Valid() {
			key = public
		}
		set.Keys = append(set.Keys, key)
	}
	answer(w, http.StatusOK, set)
}

// grant gives the client a token with the scopes that it asks for, for the audience that it names.
func (i *Issuer) grant(w http.ResponseWriter, r *http.Request) {
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	switch {
	case r.PostFormValue("grant_type") != "client_credentials":
		answer(w, http.StatusBadRequest, map[string]any{"error": "unsupported_grant_type"})
		return
	case id != ClientID || secret != ClientSecret:
		answer(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
		return
	}
	audience := cmp.Or(r.PostFormValue("audience"), i.audience)
	// Who asks for none is given what the issuer thinks fit (RFC 6749, section 3.3).
	scope := cmp.Or(r.PostFormValue("scope"), audience+".read "+audience+".write")
	answer(w, http.StatusOK, map[string]any{
		"access_token": i.Sign(map[string]any{"aud": audience, "scope": scope}),
		"token_type":   "Bearer",
		"expires_in":   int(lifetime.Seconds()),
		"scope":        scope,
	})
}

func answer(w http.ResponseWriter, status int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(text)
}
