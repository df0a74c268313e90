package jsonbody_test

import (
	"strings"
	"testing"

	"create-service/templates/service/kernel/fault"
)

func TestDecodeSyntax(t *testing.T) {
	nested := func(depth int) string {
		return `{"any":` + strings.Repeat("[", depth-1) + strings.Repeat("]", depth-1) + `}`
	}
	tests := []struct {
		name, body, want string
	}{
		{"an empty object", "{}", ""},
		{"white space around it", " \t\r\n{ } ", ""},
		{"32 levels", nested(32), ""},
		{"brackets in strings are no levels", `{"text":"` + strings.Repeat("[", 100) + `"}`, ""},
		{"33 levels", nested(33), "nested"},
		{"a depth bomb", strings.Repeat("[", 1<<20), "nested"},
		{"nothing", "", "not JSON"},
		{"blanks", "  ", "not JSON"},
		{"a list", "[]", "must be a JSON object"},
		{"a text", `"a"`, "must be a JSON object"},
		{"null", "null", "must be a JSON object"},
		{"half an object", `{"flag":`, "not JSON"},
		{"an open string", `{"flag`, "not JSON"},
		{"two objects", `{} {}`, "not JSON from byte 4 on"},
		{"text behind it", `{}x`, "not JSON from byte 3 on"},
		{"a comma too many", `{"flag":true,}`, "not JSON from byte 14 on"},
		{"single quotes", `{'flag':true}`, "not JSON"},
		{"a comment", `{/**/}`, "not JSON"},
		{"a byte order mark", "\ufeff{}", "not JSON"},
		{"a raw control character", "{\"text\":\"a\nb\"}", "not JSON"},
		{"Latin-1", "{\"text\":\"\xe4\"}", "not UTF-8"},
		{"half a surrogate pair", `{"text":"\ud800"}`, "surrogate"},
		{"the wrong half", `{"text":"\udc00\ud800"}`, "surrogate"},
		{"half a pair and another character", `{"text":"\ud800\u0041"}`, "surrogate"},
		{"half a pair in a name", `{"\ud800":1}`, "surrogate"},
		{"half a pair deep inside", `{"any":["\uDBFF"]}`, "surrogate"},
		{"a whole pair", `{"text":"\ud83d\ude00"}`, ""},
		{"a backslash that is one", `{"text":"\\ud800"}`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var dst everything
			err := decode(tt.body, &dst)
			if tt.want == "" {
				if err != nil {
					t.Errorf("Decode: %v", err)
				}
				return
			}
			if fault.KindOf(err) != fault.Malformed || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Decode: %v, want a malformed one about %q", err, tt.want)
			}
		})
	}
}
