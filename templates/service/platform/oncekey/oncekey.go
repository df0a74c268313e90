// Package oncekey makes the once-key of a request that its caller may repeat, the same way for every API.
package oncekey

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"create-service/templates/service/kernel/message"
	"create-service/templates/service/platform/caller"
)

// Longest is the longest key of a caller in bytes, so that with a scope in front it fits an indexed column.
const Longest = 255

// IsValid reports whether a caller's key has 1 to [Longest] printable ASCII characters.
func IsValid(key string) bool {
	for i := range len(key) {
		if key[i] < ' ' || key[i] > '~' {
			return false
		}
	}
	return key != "" && len(key) <= Longest
}

// Unit returns the unit of a request under a valid key. The key belongs to the caller in ctx, so that nobody gets the
// answer to somebody else's request, and is in force within scope, such as a method and its route; request is everything
// that makes the request what it is, so that another one under the same key is noticed.
func Unit(ctx context.Context, scope, key string, request ...[]byte) message.Unit {
	return Common(scope, owner(ctx)+key, request...)
}

// Common is [Unit] for a key that belongs to no caller.
func Common(scope, key string, request ...[]byte) message.Unit {
	return message.Unit{Once: scope + " " + key, Digest: digest(request)}
}

// owner is a short name of the caller, of the same length for all, and empty where there is none.
func owner(ctx context.Context) string {
	name := caller.Of(ctx)
	if name == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(name))
	return base64.RawURLEncoding.EncodeToString(sum[:16]) + " "
}

// digest is the SHA-256 over all parts, each with its length in front.
func digest(parts [][]byte) [sha256.Size]byte {
	var all []byte
	for _, part := range parts {
		all = binary.BigEndian.AppendUint64(all, uint64(len(part)))
		all = append(all, part...)
	}
	return sha256.Sum256(all)
}
