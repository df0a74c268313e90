package date_test

import (
	"encoding/json"
	"testing"
	"time"

	"create-service/templates/service/kernel/date"
	"create-service/templates/service/kernel/fault"
)

func TestParse(t *testing.T) {
	tests := []struct {
		text string
		ok   bool
	}{
		{"2024-02-29", true},
		{"2023-02-29", false},
		{"2024-2-9", false},
		{"2024-02-29T00:00:00Z", false},
		{"", false},
	}
	for _, tt := range tests {
		d, err := date.Parse(tt.text)
		if ok := err == nil; ok != tt.ok || ok && d.String() != tt.text {
			t.Errorf("Parse(%q) = %s, %v; want ok %t", tt.text, d, err, tt.ok)
		}
	}
}

func TestRoundTrips(t *testing.T) {
	want := date.Date{Year: 2024, Month: time.February, Day: 29}
	encoded, err := json.Marshal(want)
	if err != nil || string(encoded) != `"2024-02-29"` {
		t.Fatalf("JSON %s, %v", encoded, err)
	}
	var got date.Date
	if err := json.Unmarshal(encoded, &got); err != nil || got != want {
		t.Errorf("from JSON: %s, %v", got, err)
	}
	for _, column := range []any{"2024-02-29", []byte("2024-02-29"), want.Time()} {
		var scanned date.Date
		if err := scanned.Scan(column); err != nil || scanned != want {
			t.Errorf("Scan(%v) = %s, %v", column, scanned, err)
		}
	}
	if err := new(date.Date).Scan(7); err == nil {
		t.Error("Scan(7) succeeded")
	}
	if value, err := want.Value(); err != nil || value != "2024-02-29" {
		t.Errorf("Value() = %v, %v", value, err)
	}
}

func TestCompare(t *testing.T) {
	early, late := date.Date{Year: 2024, Month: time.January, Day: 31}, date.Date{Year: 2024, Month: time.February, Day: 1}
	if early.Compare(late) != -1 || late.Compare(early) != 1 || late.Compare(date.Of(late.Time())) != 0 {
		t.Error("Compare is wrong")
	}
}

func TestCheck(t *testing.T) {
	var c fault.Checks
	date.Check(&c, "day", &date.Date{Year: 999, Month: time.December, Day: 31})
	if fault.KindOf(c.Err()) != fault.Invalid {
		t.Errorf("Check of the year 999: %v", c.Err())
	}
	var none fault.Checks
	date.Check(&none, "day", nil)
	date.Check(&none, "day", &date.Date{Year: 1000, Month: time.January, Day: 1})
	if err := none.Err(); err != nil {
		t.Errorf("Check: %v", err)
	}
}
