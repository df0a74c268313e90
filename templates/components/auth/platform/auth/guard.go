package auth

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// Rule is who may call an operation. The zero value lets in whoever has a valid token.
type Rule struct {
	scopes []string
	public bool
}

// Needs lets in a token that has all of the scopes.
func Needs(scopes ...string) Rule { return Rule{scopes: scopes} }

// Public lets in everybody, with a token or without.
func Public() Rule { return Rule{public: true} }

// Scopes returns the scopes that a token needs.
func (r Rule) Scopes() []string { return slices.Clone(r.scopes) }

// IsPublic reports whether no token is asked for.
func (r Rule) IsPublic() bool { return r.public }

// Table holds the rule of every operation: of a route by its method and its template, "GET /v1/orders/:id", of a gRPC
// method by its full name, "orders.v1.OrderService/GetOrder". What it does not hold is refused to everybody.
type Table map[string]Rule

// Tables returns the lines of all of them as one table.
func Tables(all ...Table) Table {
	whole := Table{}
	for _, one := range all {
		maps.Copy(whole, one)
	}
	return whole
}

// Guard decides about calls. It needs no issuer, so a test can verify tokens in its own way.
type Guard struct {
	// Verify returns whom a token speaks for, or a [*Error].
	Verify func(ctx context.Context, token string) (*Principal, error)
	// Realm is what a caller without a token is asked one for.
	Realm string
	// Table holds the rules.
	Table Table

	refused func(Reason)
}

// Guard returns the guard of an API whose operations have the table's rules.
func (v *Verifier) Guard(table Table) Guard {
	return Guard{Verify: v.verify, Realm: v.audience, Table: table, refused: v.metrics.refused}
}

// Authorize returns the context in which the operation may run, with the principal in it (see [From]), or a [*Error].
// Credentials are the values of Authorization that came with the call.
func (g Guard) Authorize(ctx context.Context, operation string, credentials []string) (context.Context, error) {
	rule, known := g.Table[operation]
	if known && rule.public {
		return ctx, nil
	}
	token, reason := bearer(credentials)
	if reason != "" {
		return nil, g.refuse(reason, nil)
	}
	p, err := g.Verify(ctx, token)
	if err != nil {
		return nil, err
	}
	if !known {
		return nil, g.refuse(NoRule, nil)
	}
	for _, scope := range rule.scopes {
		if !p.May(scope) {
			return nil, g.refuse(Scope, rule.scopes)
		}
	}
	return With(ctx, p), nil
}

func (g Guard) refuse(reason Reason, scopes []string) error {
	if g.refused != nil {
		g.refused(reason)
	}
	return &Error{reason: reason, realm: g.Realm, scopes: scopes}
}

// bearer returns the one token of a call, or why there is none. Another scheme's credentials are none.
func bearer(credentials []string) (token string, reason Reason) {
	const scheme = "Bearer "
	if len(credentials) > 1 {
		return "", Ambiguous
	}
	if len(credentials) == 0 {
		return "", Missing
	}
	sent := credentials[0]
	if len(sent) < len(scheme) || !strings.EqualFold(sent[:len(scheme)], scheme) {
		return "", Missing
	}
	return strings.TrimLeft(sent[len(scheme):], " "), ""
}
