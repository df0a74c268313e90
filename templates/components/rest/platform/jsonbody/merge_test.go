package jsonbody_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"create-service/templates/components/rest/platform/jsonbody"
)

// TestMerge has the cases of RFC 7396, appendix A, for the member of an object.
func TestMerge(t *testing.T) {
	tests := []struct{ target, patch, want string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"a":"b"}`, `["c"]`, `["c"]`},
		{`{"a":"foo"}`, `"bar"`, `"bar"`},
		{`{"e":null}`, `{"a":1}`, `{"a":1,"e":null}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{`{"a":"b"}`, `null`, ``},
		{``, `{"a":null,"b":1}`, `{"b":1}`},
		{``, `null`, ``},
	}
	for _, tt := range tests {
		t.Run(tt.target+" with "+tt.patch, func(t *testing.T) {
			got := json.RawMessage(tt.target)
			body := fmt.Sprintf(`{"any":%s}`, tt.patch)
			if err := jsonbody.Decode([]byte(body), jsonbody.Merge("any", &got)); err != nil {
				t.Fatalf("Decode: %v", err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("the merged value (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMergeLeavesAnAbsentMemberAndARefusedOne(t *testing.T) {
	got := json.RawMessage(`{"a":1}`)
	if err := jsonbody.Decode([]byte(`{}`), jsonbody.Merge("any", &got)); err != nil {
		t.Fatal(err)
	}
	if err := jsonbody.Decode([]byte(`{"any":{"a":1e999}}`), jsonbody.Merge("any", &got)); err == nil {
		t.Error("a number that no database stores is accepted")
	}
	if string(got) != `{"a":1}` {
		t.Errorf("the value is now %s", got)
	}
}

func TestFixed(t *testing.T) {
	if got := jsonbody.Fixed(nil, 2); got != nil {
		t.Errorf("Fixed(nil) is %q", *got)
	}
	if got := jsonbody.Fixed(new(decimal.RequireFromString("1.5")), 2); *got != "1.50" {
		t.Errorf("Fixed(1.5) is %q", *got)
	}
}
