package auth_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"create-service/templates/components/auth/platform/auth"
	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/platform/caller"
)

// byScopes takes a token for the scopes that it has.
func byScopes(_ context.Context, token string) (*auth.Principal, error) {
	return &auth.Principal{Subject: "ada", Scopes: strings.Fields(token)}, nil
}

func TestGuard(t *testing.T) {
	guard := auth.Guard{Realm: "orders", Verify: byScopes, Table: auth.Table{
		"any":    auth.Needs(),
		"both":   auth.Needs("a", "b"),
		"public": auth.Public(),
	}}
	for _, tt := range []struct {
		operation, credentials string
		kind                   fault.Kind
		reason                 auth.Reason
	}{
		{"any", "Bearer x", 0, ""},
		{"any", "bearer x", 0, ""},
		{"any", "BEARER  x", 0, ""},
		{"any", "", fault.Unauthenticated, auth.Missing},
		{"any", "Bearerx", fault.Unauthenticated, auth.Missing},
		{"any", "Basic x", fault.Unauthenticated, auth.Missing},
		{"any", "Bearer x,Bearer x", fault.Malformed, auth.Ambiguous},
		{"both", "Bearer a b c", 0, ""},
		{"both", "Bearer a", fault.Forbidden, auth.Scope},
		{"both", "Bearer ab", fault.Forbidden, auth.Scope},
		{"public", "", 0, ""},
		{"nobody said", "Bearer a b", fault.Forbidden, auth.NoRule},
		{"nobody said", "", fault.Unauthenticated, auth.Missing},
	} {
		t.Run(tt.operation+" with "+tt.credentials, func(t *testing.T) {
			var credentials []string
			if tt.credentials != "" {
				credentials = strings.Split(tt.credentials, ",")
			}
			ctx, err := guard.Authorize(t.Context(), tt.operation, credentials)
			if reasonOf(t, err) != tt.reason || fault.KindOf(err) != tt.kind {
				t.Fatalf("the error is %v of kind %d, want %s of %d", err, fault.KindOf(err), tt.reason, tt.kind)
			}
			if err != nil || tt.operation == "public" {
				return
			}
			if p, known := auth.From(ctx); !known || p.Subject != "ada" || caller.Of(ctx) != "ada" {
				t.Errorf("the context knows %+v and %q", p, caller.Of(ctx))
			}
		})
	}
}

// TestGuardPassesErrors of whoever verifies.
func TestGuardPassesErrors(t *testing.T) {
	failure := errors.New("no")
	guard := auth.Guard{Table: auth.Table{"any": auth.Needs()}, Verify: func(context.Context, string) (*auth.Principal, error) { return nil, failure }}
	if _, err := guard.Authorize(t.Context(), "any", []string{"Bearer x"}); !errors.Is(err, failure) {
		t.Errorf("the error is %v", err)
	}
}

func TestNobody(t *testing.T) {
	if p, known := auth.From(t.Context()); known {
		t.Errorf("nobody is %+v", p)
	}
}

func TestRule(t *testing.T) {
	scopes := auth.Needs("a", "b").Scopes()
	if !slices.Equal(scopes, []string{"a", "b"}) || auth.Needs().IsPublic() || !auth.Public().IsPublic() {
		t.Errorf("scopes %v", scopes)
	}
}
