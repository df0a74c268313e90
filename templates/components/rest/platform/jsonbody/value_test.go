package jsonbody_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"create-service/templates/service/kernel/fault"
)

func TestDecodeForms(t *testing.T) {
	tests := []struct {
		member string
		ok     bool
	}{
		{`"text": ""`, true},
		{`"text": 1`, false},
		{`"text": {}`, false},
		{`"flag": false`, true},
		{`"flag": "true"`, false},
		{`"flag": 1`, false},
		{`"small": 2147483647`, true},
		{`"small": 2147483648`, false},
		{`"small": 1.0`, true},
		{`"small": 1e3`, true},
		{`"small": 1.5`, false},
		{`"small": "1"`, false},
		{`"large": 9223372036854775807`, true},
		{`"large": "-9223372036854775808"`, true},
		{`"large": 9223372036854775808`, false},
		{`"large": ""`, false},
		{`"large": " 1"`, false},
		{`"large": true`, false},
		{`"float": -0`, true},
		{`"float": 1e308`, true},
		{`"float": 1e309`, false},
		{`"float": "NaN"`, false},
		{`"float": "1"`, false},
		{`"decimal": 0.1`, true},
		{`"decimal": 1e2`, true},
		{`"decimal": "1e2"`, true},
		{`"decimal": 1e64`, true},
		{`"decimal": 1e65`, false},
		{`"decimal": "1e-64"`, true},
		{`"decimal": "1e-65"`, false},
		{`"decimal": "1e999999999"`, false},
		{`"decimal": 1e-999999999`, false},
		{`"decimal": "1,5"`, false},
		{`"decimal": ".5"`, false},
		{`"decimal": "5."`, false},
		{`"decimal": "+5"`, false},
		{`"decimal": "1_000"`, false},
		{`"decimal": "0x10"`, false},
		{`"decimal": "NaN"`, false},
		{`"decimal": ""`, false},
		{`"decimal": "` + strings.Repeat("9", 81) + `"`, false},
		{`"decimal": []`, false},
		{`"id": "01890a5dac96774bbcceb302099a8057"`, false},
		{`"id": "{01890a5d-ac96-774b-bcce-b302099a8057}"`, false},
		{`"id": 1`, false},
		{`"at": "2026-02-03T04:05:06Z"`, true},
		{`"at": "2026-02-03T04:05:06,5Z"`, false},
		{`"at": "2026-02-03T4:05:06Z"`, false},
		{`"at": "2026-02-03 04:05:06Z"`, false},
		{`"at": "2026-02-03T04:05:06"`, false},
		{`"at": "2026-02-30T04:05:06Z"`, false},
		{`"at": "9999-12-31T23:59:59-01:00"`, false},
		{`"at": "0000-12-31T23:59:59Z"`, false},
		{`"at": 1700000000`, false},
		{`"day": "2026-02-29"`, false},
		{`"day": "2026-2-3"`, false},
		{`"day": 20260203`, false},
		{`"colour": "octarine"`, true},
		{`"colour": 3`, false},
		{`"any": "text"`, true},
		{`"any": false`, true},
		{`"any": 1e309`, false},
		{`"any": [[1e999]]`, false},
	}
	for _, tt := range tests {
		t.Run(tt.member, func(t *testing.T) {
			var dst everything
			err := decode("{"+tt.member+"}", &dst)
			if tt.ok {
				if err != nil {
					t.Errorf("Decode: %v", err)
				}
				return
			}
			field, _, _ := strings.Cut(strings.Trim(tt.member, `"`), `"`)
			wantViolations(t, err, fault.Malformed, []string{field + " type"})
			if diff := cmp.Diff(everything{}, dst); diff != "" {
				t.Errorf("a refused value is kept: %s", diff)
			}
		})
	}
}
