// Package oncekey makes the once-key of a request that its caller may repeat, the same way for every API.
package oncekey

import (
	"crypto/sha256"
	"encoding/binary"

	"create-service/templates/service/kernel/message"
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

// Unit returns the unit of a request under a valid key. The key is in force within scope, such as a method and its
// route; request is everything that makes the request what it is, so that another one under the same key is noticed.
func Unit(scope, key string, request ...[]byte) message.Unit {
	return message.Unit{Once: scope + " " + key, Digest: digest(request)}
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
