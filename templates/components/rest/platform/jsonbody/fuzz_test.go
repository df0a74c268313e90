package jsonbody_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"create-service/templates/components/rest/platform/jsonbody"
	"create-service/templates/service/kernel/fault"
)

// FuzzDecode holds Decode to encoding/json: what one accepts the other reads as the same, and whatever is refused is
// refused in the caller's terms.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":"b","n":1}`, `{"a":"\u00e4\ud83d\ude00\\"}`, `{"n":-1.50e+3 , "a" : null}`, `{"a":"x","a":"y"}`,
		`{"x":[{"y":[]}],"b":true}`, `{"\u0061":"b"}`, `{"a":"\ud800"}`, `[]`, ``, `{"a"`, `{"n":1e999}`, "{\"a\":\"\xff\"}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var text *string
		var raw json.RawMessage
		err := jsonbody.Decode(body, jsonbody.To("a", &text), jsonbody.Raw("n", &raw))
		if err != nil {
			checkRefusal(t, err)
			return
		}
		var want map[string]json.RawMessage
		if err := json.Unmarshal(body, &want); err != nil || !utf8.Valid(body) {
			t.Fatalf("accepted %q, which is not good JSON: %v", body, err)
		}
		for name := range want {
			if name != "a" && name != "n" {
				t.Errorf("accepted the unknown member %q of %q", name, body)
			}
		}
		checkText(t, want["a"], text)
		if n := want["n"]; !bytes.Equal(n, raw) && string(n) != "null" {
			t.Errorf("read %q as %q", n, raw)
		}
	})
}

func checkRefusal(t *testing.T, err error) {
	t.Helper()
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != fault.Malformed {
		t.Fatalf("refused with %v", err)
	}
	for _, v := range refusal.Violations {
		if len(v.Field) > 64 || !utf8.ValidString(v.Field) || strings.TrimSpace(v.Rule) == "" {
			t.Errorf("the violation is %+v", v)
		}
	}
}

func checkText(t *testing.T, literal json.RawMessage, got *string) {
	t.Helper()
	var want *string
	if literal != nil {
		if err := json.Unmarshal(literal, &want); err != nil {
			t.Fatalf("accepted %q as a text: %v", literal, err)
		}
	}
	if (want == nil) != (got == nil) || want != nil && *want != *got {
		t.Errorf("read %q as %v", literal, got)
	}
}

func BenchmarkDecode(b *testing.B) {
	body := []byte(`{"text":"hello","flag":true,"small":7,"large":"8","decimal":"9.50","id":"01890a5d-ac96-774b-bcce-b302099a8057","at":"2026-02-03T04:05:06Z"}`)
	b.ReportAllocs()
	for b.Loop() {
		var dst everything
		if err := decode(string(body), &dst); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkUnmarshal is what encoding/json takes for the same, without any of the checks.
func BenchmarkUnmarshal(b *testing.B) {
	body := []byte(`{"text":"hello","flag":true,"small":7,"large":"8","decimal":"9.50","id":"01890a5d-ac96-774b-bcce-b302099a8057","at":"2026-02-03T04:05:06Z"}`)
	b.ReportAllocs()
	for b.Loop() {
		var dst struct {
			Text, Large, Decimal, ID, At *string
			Flag                         *bool
			Small                        *int32
		}
		if err := json.Unmarshal(body, &dst); err != nil {
			b.Fatal(err)
		}
	}
}
