// Package requestid gives each request an id by which its caller can ask about it.
package requestid

import "crypto/rand"

// longest is how many characters of a caller's id are believed: a UUID has 36, and the id is written to every log line.
const longest = 64

// Of returns the caller's id when it is harmless, and a new one otherwise.
func Of(sent string) string {
	if isHarmless(sent) {
		return sent
	}
	return rand.Text()
}

func isHarmless(id string) bool {
	for i := range len(id) {
		if !isIDCharacter(id[i]) {
			return false
		}
	}
	return id != "" && len(id) <= longest
}

func isIDCharacter(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '-' || b == '_' || b == '.'
}
