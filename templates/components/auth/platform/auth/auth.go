// Package auth lets into the API whoever has a token of the service's issuer, and as far as the token's scopes go.
//
// Tokens are JSON Web Tokens (RFC 7519, RFC 9068) that an OpenID provider signed; its public keys are fetched and kept.
// A [Table] names the scopes of every operation, and a [Guard] holds calls to it: what the table does not name is refused.
//
// A token is never logged, kept or part of an error.
package auth

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"create-service/templates/service/platform/caller"
)

// Principal is whom a token speaks for. All who are given one share it, so nobody may change it.
type Principal struct {
	// Subject is the issuer's stable name of the caller, a person or a program.
	Subject string
	// ClientID is the program to which the token was given; empty when the issuer does not say.
	ClientID string
	// Scopes are what the caller may do.
	Scopes []string
	// Expires is when the token ends.
	Expires time.Time
}

// May reports whether the principal has the scope.
func (p *Principal) May(scope string) bool { return slices.Contains(p.Scopes, scope) }

type principalKey struct{}

// With returns a context that carries the principal, as a [Guard] does.
func With(ctx context.Context, p *Principal) context.Context {
	return caller.With(context.WithValue(ctx, principalKey{}, p), p.Subject)
}

// From returns who calls. It is false where anybody may call.
func From(ctx context.Context) (Principal, bool) {
	p, ok := ctx.Value(principalKey{}).(*Principal)
	if !ok {
		return Principal{}, false
	}
	return *p, true
}

// Deps is what a verifier knows of the service and reports to.
type Deps struct {
	// Audience is what tokens must be for, unless AUTH_AUDIENCE says otherwise.
	Audience string
	// Registry gets the metrics.
	Registry prometheus.Registerer
	// Log is told when the issuer's keys change or cannot be fetched.
	Log *slog.Logger
}

// Verifier checks tokens. It may be used by many goroutines.
type Verifier struct {
	cfg      Config
	audience string
	policy   policy
	keys     *keySource
	cache    *cache
	metrics  *instruments
	now      func() time.Time
}

// Open returns a verifier that has no keys yet: the first token or [Verifier.Run] fetches them, so a service starts while
// its issuer is away. It fails on settings that cannot work and on metrics that are registered already.
func Open(cfg Config, d Deps) (*Verifier, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("auth: %w", err)
	}
	v := &Verifier{cfg: cfg, audience: cfg.Audience, cache: newCache(cfg.CacheSize, cfg.CacheTTL), now: time.Now}
	if v.audience == "" {
		v.audience = d.Audience
	}
	v.policy = newPolicy(cfg, v.audience)
	fetch, err := newFetcher(cfg)
	if err != nil {
		return nil, fmt.Errorf("auth: %w", err)
	}
	v.metrics = newInstruments(func() float64 { return v.keys.age().Seconds() }, func() float64 { return float64(v.cache.size()) })
	v.keys = newKeySource(cfg, fetch, keyReport{log: d.Log, metrics: v.metrics, withdrawn: v.cache.clear})
	if err := v.metrics.register(d.Registry); err != nil {
		return nil, fmt.Errorf("auth: %w", err)
	}
	if cfg.isPlain() {
		d.Log.Warn("the issuer's keys are fetched without TLS: whoever can change them on their way can sign tokens", "url.full", cfg.Issuer)
	}
	return v, nil
}

// Run keeps the issuer's keys up to date until ctx ends.
func (v *Verifier) Run(ctx context.Context) error { return v.keys.run(ctx) }

// Check returns an error when the last fetch of the keys failed. Tokens whose keys are known are accepted all the same.
func (v *Verifier) Check(ctx context.Context) error { return v.keys.check(ctx) }

// Close ends a fetch that is under way, and waits for its end.
func (v *Verifier) Close() { v.keys.close() }
