package auth

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// Verify returns whom the token speaks for, or a [*Error].
func (v *Verifier) Verify(ctx context.Context, token string) (Principal, error) {
	p, err := v.verify(ctx, token)
	if err != nil {
		return Principal{}, err
	}
	return *p, nil
}

// verify is [Verifier.Verify] without the copy, counted.
func (v *Verifier) verify(ctx context.Context, token string) (*Principal, error) {
	if len(token) > v.cfg.MaxTokenBytes {
		return nil, v.refuse(TooLong)
	}
	name, now := digestOf(token), v.now()
	if p, ok := v.cache.get(name, now); ok {
		v.metrics.cached.Inc()
		return p, nil
	}
	p, reason := v.examine(ctx, token)
	if reason != "" {
		return nil, v.refuse(reason)
	}
	v.cache.put(name, p, now)
	v.metrics.verified.Inc()
	return p, nil
}

func (v *Verifier) refuse(reason Reason) error {
	v.metrics.refused(reason)
	return &Error{reason: reason, realm: v.audience}
}

// examine checks a token from the outside in: its form, its header, its signature, and only then what it says.
func (v *Verifier) examine(ctx context.Context, token string) (*Principal, Reason) {
	signed, reason := v.parse(token)
	if reason != "" {
		return nil, reason
	}
	header := signed.Signatures[0].Protected
	if reason := v.policy.checkHeader(header); reason != "" {
		return nil, reason
	}
	key, err := v.keys.find(ctx, keyName{id: header.KeyID, algorithm: jose.SignatureAlgorithm(header.Algorithm)})
	switch {
	case errors.Is(err, errUnknownKey):
		return nil, UnknownKey
	case err != nil:
		return nil, NoKeys
	}
	payload, err := signed.Verify(key)
	if err != nil {
		return nil, WrongSignature
	}
	return v.policy.principal(payload, v.now())
}

// parse reads a compact JWS with an algorithm that is accepted.
func (v *Verifier) parse(token string) (*jose.JSONWebSignature, Reason) {
	if !isCompact(token) {
		return nil, Malformed
	}
	signed, err := jose.ParseSignedCompact(token, v.policy.algorithms)
	var unexpected *jose.ErrUnexpectedSignatureAlgorithm
	switch {
	case errors.As(err, &unexpected):
		return nil, WrongAlgorithm
	case err != nil:
		return nil, Malformed
	}
	return signed, ""
}

// isCompact reports whether the token is three parts of base64url as RFC 7515 writes it: no padding, no line ends, no bits
// left over. A token has one spelling then.
func isCompact(token string) bool {
	if strings.ContainsAny(token, "\r\n") {
		return false
	}
	strict := base64.RawURLEncoding.Strict()
	parts := 0
	for part := range strings.SplitSeq(token, ".") {
		if parts++; parts > 3 {
			return false
		}
		if _, err := strict.DecodeString(part); err != nil {
			return false
		}
	}
	return parts == 3
}
