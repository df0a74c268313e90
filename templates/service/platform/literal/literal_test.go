package literal_test

import (
	"errors"
	"strings"
	"testing"

	"create-service/templates/service/kernel/date"
	"create-service/templates/service/platform/literal"
)

type colour string

func TestParse(t *testing.T) {
	tests := []struct {
		name, text string
		dst        any
		want       string
	}{
		{"int", "-7", new(int), ""},
		{"int, too large", "9223372036854775808", new(int), "must be an integer of 64 bits"},
		{"int32, too small", "-2147483649", new(int32), "must be an integer of 32 bits"},
		{"int32 with a fraction of nothing", "3.0", new(int32), ""},
		{"int64 beyond what a float holds", "9007199254740993.0", new(int64), "must be an integer of 64 bits"},
		{"int64 in words", "seven", new(int64), "must be an integer of 64 bits"},
		{"int64, not a number", "NaN", new(int64), "must be an integer of 64 bits"},
		{"int64, infinite", "Inf", new(int64), "must be an integer of 64 bits"},
		{"float64, infinite", "Inf", new(float64), "must be a finite number"},
		{"bool as a digit", "1", new(bool), "must be true or false"},
		{"date", "2026-02-28", new(date.Date), ""},
		{"date that is none", "2026-02-30", new(date.Date), "is not in the form that its type has"},
		{"named text", "red", new(colour), ""},
		{"a type that has no text", "1", new(chan int), "has type *chan int, which cannot be read from text"},
		{"no pointer", "1", colour(""), "has type literal_test.colour, which cannot be read from text"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := literal.Parse(tt.text, tt.dst)
			if got := message(err); got != tt.want {
				t.Errorf("Parse: %q, want %q", got, tt.want)
			}
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// secret is a type whose own error tells the text.
type secret struct{}

func (*secret) UnmarshalText(text []byte) error { return errors.New("cannot read " + string(text)) }

func TestParseNeverTellsTheText(t *testing.T) {
	if err := literal.Parse("hunter2", new(secret)); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("Parse: %v", err)
	}
}
