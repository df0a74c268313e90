package jsonbody

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"create-service/templates/service/kernel/fault"
)

// deepest is how far objects and arrays may be nested, the body's own object included. It leaves 31 levels to a
// member's value: JSON_VALID of MariaDB 10.11 takes 31 and no more, MySQL 100, so what is read here can be stored.
const deepest = 32

// check refuses a body that is not one JSON object in good UTF-8. What follows may then rely on its form.
func check(body []byte) error {
	switch {
	case !utf8.Valid(body):
		return fault.New(fault.Malformed, "the body is not UTF-8")
	case nesting(body) > deepest:
		return fault.New(fault.Malformed, fmt.Sprintf("the body is nested more than %d levels deep", deepest))
	case !json.Valid(body):
		return fault.New(fault.Malformed, "the body is not JSON"+position(body))
	case bytes.TrimLeft(body, space)[0] != '{':
		return fault.New(fault.Malformed, "the body must be a JSON object")
	case hasLoneSurrogate(body):
		return fault.New(fault.Malformed, "the body has half of a surrogate pair")
	}
	return nil
}

// position says where the syntax breaks, not what stands there.
func position(body []byte) string {
	var syntax *json.SyntaxError
	var discard json.RawMessage
	if errors.As(json.Unmarshal(body, &discard), &syntax) {
		return " from byte " + strconv.FormatInt(syntax.Offset, 10) + " on"
	}
	return ""
}

// space is JSON's white space.
const space = " \t\r\n"

// nesting returns how deep the brackets outside of strings go.
func nesting(body []byte) int {
	depth, most := 0, 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			i += stringEnd(body[i:]) - 1
		case '{', '[':
			depth++
			most = max(most, depth)
		case '}', ']':
			depth--
		}
	}
	return most
}

// stringEnd returns the length of the string literal that text begins with, or that of text if it does not end.
func stringEnd(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}

// members yields the names and raw values of an object that check has passed.
func members(object []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		rest := bytes.TrimLeft(object, space)[1:]
		for {
			rest = bytes.TrimLeft(rest, space+",")
			if rest[0] == '}' {
				return
			}
			end := stringEnd(rest)
			name := unquote(rest[:end])
			rest = bytes.TrimLeft(rest[end:], space+":")
			end = valueEnd(rest)
			if !yield(name, rest[:end]) {
				return
			}
			rest = rest[end:]
		}
	}
}

// valueEnd returns the length of the value that text begins with.
func valueEnd(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i += stringEnd(text[i:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		switch {
		case depth == 0:
			return i + 1
		case depth < 0:
			return i
		}
	}
	return len(text)
}

// unquote returns the text of a string literal that check has passed.
func unquote(literal []byte) string {
	inner := literal[1 : len(literal)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	var text string
	// A literal in valid JSON always decodes.
	_ = json.Unmarshal(literal, &text)
	return text
}

// hasLoneSurrogate finds \uD800 and its like without their other half, which encoding/json would replace by U+FFFD.
func hasLoneSurrogate(body []byte) bool {
	for i := 0; i+1 < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		i++
		unit, ok := escapedUnit(body[i-1:])
		if !ok || !utf16.IsSurrogate(unit) {
			continue
		}
		second, ok := escapedUnit(body[i+5:])
		if !ok || utf16.DecodeRune(unit, second) == utf8.RuneError {
			return true
		}
		i += 10
	}
	return false
}

// escapedUnit reads the \uXXXX that text begins with.
func escapedUnit(text []byte) (unit rune, ok bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}
