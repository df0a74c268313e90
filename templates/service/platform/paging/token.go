package paging

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
)

const (
	// version is the first byte of a token, so that its form can change.
	version = 1
	// sumSize is how many bytes of the SHA-256 sum a token carries.
	sumSize = 16
	// tokenLimit is the longest token that is read, in characters. A sortable field has at most 1,024 characters.
	tokenLimit = 8 << 10
)

// scope is what a token is bound to: collection, order and filters.
type scope []byte

func newScope(collection string, order Order, filter map[string]string) scope {
	s := appendText(nil, collection)
	s = appendText(s, order.String())
	for _, name := range slices.Sorted(maps.Keys(filter)) {
		s = appendText(s, name)
		s = appendText(s, filter[name])
	}
	return s
}

// seal makes a token: version, sum, length of the value, value, id. The sum finds tokens of other lists and damaged
// ones. It is no signature: whoever computes one by hand reaches nothing that the list would not show him anyway.
func (s scope) seal(c Cursor) string {
	token := append([]byte{version}, s.sum(c)...)
	token = appendText(token, c.Value)
	return base64.RawURLEncoding.EncodeToString(append(token, c.ID...))
}

// open returns the cursor of a token, and whether the token was sealed in this scope.
func (s scope) open(token string) (Cursor, bool) {
	if len(token) > tokenLimit || strings.ContainsAny(token, "\r\n") { // line ends, which the decoder would skip
		return Cursor{}, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) < 1+sumSize || raw[0] != version {
		return Cursor{}, false
	}
	sum, rest := raw[1:1+sumSize], raw[1+sumSize:]
	length, n := binary.Uvarint(rest)
	if n <= 0 || length > uint64(len(rest)-n) {
		return Cursor{}, false
	}
	value, id := rest[n:n+int(length)], rest[n+int(length):]
	c := Cursor{Value: string(value), ID: string(id)}
	return c, bytes.Equal(sum, s.sum(c))
}

func (s scope) sum(c Cursor) []byte {
	sum := sha256.Sum256(append(appendText(slices.Clone(s), c.Value), c.ID...))
	return sum[:sumSize]
}

// appendText appends a text with its length in front, so that no two lists of texts look alike.
func appendText(b []byte, text string) []byte {
	b = binary.AppendUvarint(b, uint64(len(text)))
	return append(b, text...)
}
