package auth

import (
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// policy is what a token must say.
type policy struct {
	issuer, audience string
	algorithms       []jose.SignatureAlgorithm
	types            []string
	skew             time.Duration
}

func newPolicy(cfg Config, audience string) policy {
	return policy{
		issuer:     cfg.Issuer,
		audience:   audience,
		algorithms: cfg.algorithms(),
		types:      cfg.TokenTypes,
		skew:       cfg.ClockSkew,
	}
}

// checkHeader refuses a token that is for something else, and one with extensions that must be understood: none is here.
// Keys that a token brings along are not looked at.
func (p policy) checkHeader(header jose.Header) Reason {
	if _, has := header.ExtraHeaders["crit"]; has {
		return Malformed
	}
	if _, has := header.ExtraHeaders["b64"]; has {
		return Malformed
	}
	kind := "JWT"
	if given, has := header.ExtraHeaders[jose.HeaderType]; has {
		text, ok := given.(string)
		if !ok {
			return Malformed
		}
		kind = text
	}
	// RFC 7515, section 4.1.9: the part before the slash may be left out.
	if len(kind) > len("application/") && strings.EqualFold(kind[:len("application/")], "application/") {
		kind = kind[len("application/"):]
	}
	for _, accepted := range p.types {
		if strings.EqualFold(kind, accepted) {
			return ""
		}
	}
	return WrongType
}

// principal reads the claims of a token whose signature is good.
func (p policy) principal(payload []byte, now time.Time) (*Principal, Reason) {
	c, err := readClaims(payload)
	switch {
	case err != nil || c.Issuer == "" || c.Subject == "" || c.Expires == nil:
		return nil, WrongClaims
	case c.Issuer != p.issuer:
		return nil, WrongIssuer
	case !c.Audience.has(p.audience):
		return nil, WrongAudience
	case !now.Before(c.Expires.time().Add(p.skew)):
		return nil, Expired
	case c.NotBefore.isAfter(now.Add(p.skew)), c.IssuedAt.isAfter(now.Add(p.skew)):
		return nil, Early
	}
	return &Principal{
		Subject:  c.Subject,
		ClientID: c.client(),
		Scopes:   c.scopes(),
		Expires:  c.Expires.time(),
	}, ""
}
