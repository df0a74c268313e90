package logging

import (
	"math"
	"unicode/utf8"
)

const (
	hexDigits = "0123456789abcdef"
	ellipsis  = "…"
)

// longestEscape is the most bytes that one byte of a text becomes (\u001b), and more than any character takes.
const longestEscape = 6

// appendEscaped appends s as the inside of a JSON string. It takes at most limit bytes; when s could need more it
// may be cut, and then ends with an ellipsis, and the result is false.
func appendEscaped(buf []byte, s string, limit int) ([]byte, bool) {
	if plain := plainLength(s); plain == len(s) && plain <= limit {
		return append(buf, s...), true
	}
	last := len(buf) + limit - len(ellipsis) - longestEscape
	if longestEscape*len(s) <= limit {
		last = math.MaxInt
	}
	for i := 0; i < len(s); {
		if len(buf) > last {
			return append(buf, ellipsis...), false
		}
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		buf = appendRune(buf, r)
		i += size
	}
	return buf, true
}

// plainLength returns how many bytes at the start of s stand for themselves in JSON.
func plainLength(s string) int {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return i
		}
	}
	return len(s)
}

func appendRune(buf []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(buf, '\\', byte(r))
	case r == '\n':
		return append(buf, '\\', 'n')
	case r == '\t':
		return append(buf, '\\', 't')
	case r < ' ':
		return append(buf, '\\', 'u', '0', '0', hexDigits[r>>4], hexDigits[r&0xf])
	default:
		return utf8.AppendRune(buf, r)
	}
}
