package auth

import (
	"strings"

	"create-service/templates/service/kernel/fault"
)

// Reason is a stable word for why a call was refused, for metrics, logs and programs.
type Reason string

// The reasons, in the order in which a token is checked.
const (
	// Missing: there is no bearer token.
	Missing Reason = "missing"
	// Ambiguous: there is more than one.
	Ambiguous Reason = "ambiguous"
	// TooLong: the token is over the size limit.
	TooLong Reason = "too_long"
	// Malformed: it is no signed JSON Web Token.
	Malformed Reason = "malformed"
	// WrongAlgorithm: it says that it is signed in a way that is not accepted, or not at all.
	WrongAlgorithm Reason = "algorithm"
	// WrongType: it is a token for something else.
	WrongType Reason = "type"
	// UnknownKey: the issuer has no such key.
	UnknownKey Reason = "key"
	// WrongSignature: it was changed, or somebody else signed it.
	WrongSignature Reason = "signature"
	// WrongClaims: a claim is absent, given twice or of another type.
	WrongClaims Reason = "claims"
	// WrongIssuer: somebody else issued it.
	WrongIssuer Reason = "issuer"
	// WrongAudience: it is for another service.
	WrongAudience Reason = "audience"
	// Expired: its time is over.
	Expired Reason = "expired"
	// Early: its time has not come.
	Early Reason = "early"
	// NoKeys: the keys cannot be had now, so nobody can say what the token is worth.
	NoKeys Reason = "no_keys"
	// Scope: the token is good, and its scopes are too few.
	Scope Reason = "scope"
	// NoRule: the token is good, and nobody may do this, because no rule says who.
	NoRule Reason = "no_rule"
)

// reasons lists all of them.
func reasons() []Reason {
	return []Reason{
		Missing, Ambiguous, TooLong, Malformed, WrongAlgorithm, WrongType, UnknownKey, WrongSignature, WrongClaims,
		WrongIssuer, WrongAudience, Expired, Early, NoKeys, Scope, NoRule,
	}
}

// form is what all refusals for one reason have in common: the kind, RFC 6750's code, and what the caller is told.
func (r Reason) form() (kind fault.Kind, code, message string) {
	const invalid = "invalid_token"
	switch r {
	case Missing:
		return fault.Unauthenticated, "", "this needs a bearer token"
	case Ambiguous:
		return fault.Malformed, "invalid_request", "the request has more than one Authorization"
	case TooLong:
		return fault.Unauthenticated, invalid, "the token is too long"
	case Malformed:
		return fault.Unauthenticated, invalid, "the token is not a signed JSON Web Token"
	case WrongAlgorithm:
		return fault.Unauthenticated, invalid, "the token's signature algorithm is not accepted"
	case WrongType:
		return fault.Unauthenticated, invalid, "the token is not an access token"
	case UnknownKey:
		return fault.Unauthenticated, invalid, "the token's key is not one of its issuer"
	case WrongSignature:
		return fault.Unauthenticated, invalid, "the token's signature is wrong"
	case WrongClaims:
		return fault.Unauthenticated, invalid, "the token's claims are incomplete or malformed"
	case WrongIssuer:
		return fault.Unauthenticated, invalid, "the token is from another issuer"
	case WrongAudience:
		return fault.Unauthenticated, invalid, "the token is for another audience"
	case Expired:
		return fault.Unauthenticated, invalid, "the token has expired"
	case Early:
		return fault.Unauthenticated, invalid, "the token is not valid yet"
	case NoKeys:
		return fault.Unavailable, "", "the token cannot be checked now"
	case Scope:
		return fault.Forbidden, "insufficient_scope", "the token's scopes do not allow this"
	case NoRule:
		return fault.Forbidden, "insufficient_scope", "no scope allows this"
	}
	return fault.Internal, "", ""
}

// Error is why a call may not go on. It is a [fault.Error], so each API answers it in its own way.
type Error struct {
	reason Reason
	realm  string
	// scopes are those that the operation needs; only a refusal for them has any.
	scopes []string
}

// Error says why, without anything of the token.
func (r *Error) Error() string {
	_, _, message := r.reason.form()
	return message
}

// Unwrap returns the refusal as the edges know it.
func (r *Error) Unwrap() error {
	kind, _, message := r.reason.form()
	return fault.New(kind, message)
}

// Reason is the stable word for it.
func (r *Error) Reason() string { return string(r.reason) }

// Challenge is the value of WWW-Authenticate (RFC 6750, section 3), and empty when a token would not help.
func (r *Error) Challenge() string {
	kind, code, message := r.reason.form()
	if kind == fault.Unavailable {
		return ""
	}
	challenge := `Bearer realm="` + r.realm + `"`
	if code == "" {
		return challenge
	}
	challenge += `, error="` + code + `", error_description="` + message + `"`
	if len(r.scopes) > 0 {
		challenge += `, scope="` + strings.Join(r.scopes, " ") + `"`
	}
	return challenge
}

// Metadata is what a program may want to know, for APIs without such a header.
func (r *Error) Metadata() map[string]string {
	known := map[string]string{"reason": string(r.reason)}
	if _, code, _ := r.reason.form(); code != "" {
		known["error"] = code
	}
	if len(r.scopes) > 0 {
		known["scope"] = strings.Join(r.scopes, " ")
	}
	return known
}
