package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// keyName is how a token names its key. The algorithm is part of it: a key serves one kind of signature, whatever the
// token says.
type keyName struct {
	id        string
	algorithm jose.SignatureAlgorithm
}

// keySet are the issuer's keys that can verify a signature.
type keySet []jose.JSONWebKey

// weakest is how many bits an RSA key must have (RFC 7518, section 3.3).
const weakest = 2048

// readKeys reads a JSON Web Key Set and leaves out what verifies nothing: keys for encryption, secrets, weak and unknown
// ones. An issuer may have such beside those that are used here; a set without any that is of use is an error.
func readKeys(text []byte) (keySet, error) {
	var document struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, errors.New("what the issuer has for a key set is not one")
	}
	var usable keySet
	for _, raw := range document.Keys {
		var key jose.JSONWebKey
		if key.UnmarshalJSON(raw) == nil && verifies(key) {
			usable = append(usable, key)
		}
	}
	if len(usable) == 0 {
		return nil, errors.New("the issuer's key set has no key that verifies signatures")
	}
	return usable, nil
}

func verifies(key jose.JSONWebKey) bool {
	if !key.Valid() || !key.IsPublic() || key.Use != "" && key.Use != "sig" {
		return false
	}
	if public, isRSA := key.Key.(*rsa.PublicKey); isRSA {
		return public.N.BitLen() >= weakest
	}
	return true
}

// errUnknownKey says that the issuer has no key of a token's name, or several.
var errUnknownKey = errors.New("no such key")

// find returns the key of that name. A token may leave out its key's id when there is only one that it can be (OpenID
// Connect Core, section 10.1); more is false when no other set could help.
func (s keySet) find(name keyName) (key *jose.JSONWebKey, more bool) {
	for i, candidate := range s {
		if name.id != "" && candidate.KeyID != name.id || !fits(candidate, name.algorithm) {
			continue
		}
		if key != nil {
			return nil, false
		}
		key = &s[i]
	}
	return key, key == nil
}

// fits reports whether the key is for the algorithm.
func fits(key jose.JSONWebKey, algorithm jose.SignatureAlgorithm) bool {
	if key.Algorithm != "" && key.Algorithm != string(algorithm) {
		return false
	}
	switch public := key.Key.(type) {
	case *rsa.PublicKey:
		return slices.Contains([]jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512}, algorithm)
	case *ecdsa.PublicKey:
		curves := map[jose.SignatureAlgorithm]int{jose.ES256: 256, jose.ES384: 384, jose.ES512: 521}
		return curves[algorithm] == public.Curve.Params().BitSize
	case ed25519.PublicKey:
		return algorithm == jose.EdDSA
	default:
		return false
	}
}

// lacks reports whether a key of the other set is not in this one.
func (s keySet) lacks(other keySet) bool {
	return slices.ContainsFunc(other, func(key jose.JSONWebKey) bool {
		return !slices.ContainsFunc(s, func(own jose.JSONWebKey) bool { return same(own, key) })
	})
}

func same(a, b jose.JSONWebKey) bool {
	public, ok := a.Key.(interface {
		Equal(other crypto.PublicKey) bool
	})
	return ok && a.KeyID == b.KeyID && public.Equal(b.Key)
}
