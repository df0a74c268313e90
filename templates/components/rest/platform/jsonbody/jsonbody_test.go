package jsonbody_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"create-service/templates/components/rest/platform/jsonbody"
	"create-service/templates/service/kernel/date"
	"create-service/templates/service/kernel/fault"
)

type colour string

// everything has a member of each type.
type everything struct {
	Text    *string
	Flag    *bool
	Small   *int32
	Large   *int64
	Float   *float64
	Decimal *decimal.Decimal
	ID      *uuid.UUID
	At      *time.Time
	Day     *date.Date
	Colour  *colour
	Any     json.RawMessage
}

func decode(body string, dst *everything) error {
	return jsonbody.Decode([]byte(body),
		jsonbody.To("text", &dst.Text),
		jsonbody.To("flag", &dst.Flag),
		jsonbody.To("small", &dst.Small),
		jsonbody.To("large", &dst.Large),
		jsonbody.To("float", &dst.Float),
		jsonbody.To("decimal", &dst.Decimal),
		jsonbody.To("id", &dst.ID),
		jsonbody.To("at", &dst.At),
		jsonbody.To("day", &dst.Day),
		jsonbody.To("colour", &dst.Colour),
		jsonbody.Raw("any", &dst.Any),
		jsonbody.OutputOnly("version"),
	)
}

func TestDecodeReadsEveryType(t *testing.T) {
	const body = ` {"text":"a\"\u00e4\ud83d\ude00","flag":true,"small":-2147483648,"large":"9007199254740993","float":1.5e-3,
		"decimal":"12345678901234567890.01","id":"01890A5D-ac96-774b-bcce-b302099a8057","at":"2026-02-03T04:05:06.1234567+02:00",
		"day":"2026-02-03","colour":"red","any":{"b":[1, null],"a":"}"} }` + "\n"
	var got everything
	if err := decode(body, &got); err != nil {
		t.Fatalf("Decode: %v", err)
	}
	want := everything{
		Text:    new(`a"ä😀`),
		Flag:    new(true),
		Small:   new(int32(-2147483648)),
		Large:   new(int64(9007199254740993)),
		Float:   new(0.0015),
		Decimal: new(decimal.RequireFromString("12345678901234567890.01")),
		ID:      new(uuid.MustParse("01890a5d-ac96-774b-bcce-b302099a8057")),
		At:      new(time.Date(2026, 2, 3, 2, 5, 6, 123456000, time.UTC)),
		Day:     new(date.Date{Year: 2026, Month: time.February, Day: 3}),
		Colour:  new(colour("red")),
		Any:     json.RawMessage(`{"b":[1, null],"a":"}"}`),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the values (-want +got):\n%s", diff)
	}
}

func TestDecodeTellsAbsentFromNull(t *testing.T) {
	got := everything{Text: new("kept"), Flag: new(true), Any: json.RawMessage(`1`)}
	if err := decode(`{"flag":null,"any":null,"small":null}`, &got); err != nil {
		t.Fatalf("Decode: %v", err)
	}
	if diff := cmp.Diff(everything{Text: new("kept")}, got); diff != "" {
		t.Errorf("the values (-want +got):\n%s", diff)
	}
}

// wantViolations compares a refusal with lines of field and rule.
func wantViolations(t *testing.T, err error, kind fault.Kind, want []string) {
	t.Helper()
	var refusal *fault.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("Decode: %v, want a refusal", err)
	}
	var got []string
	for _, v := range refusal.Violations {
		got = append(got, v.Field+" "+v.Rule)
	}
	if diff := cmp.Diff(want, got); diff != "" || refusal.Kind != kind {
		t.Errorf("kind %d, want %d; violations (-want +got):\n%s", refusal.Kind, kind, diff)
	}
}

func TestDecodeNamesEveryBadField(t *testing.T) {
	var dst everything
	err := decode(`{"text":1,"nope":{"a":"b"},"flag":true,"flag":false,"version":"1","Text":"x","small":"x","":0}`, &dst)
	wantViolations(t, err, fault.Malformed,
		[]string{"text type", "nope unknown", "flag duplicate", "version output_only", "Text unknown", "small type", " unknown"})
}

func TestDecodeOutputOnlyIsInvalid(t *testing.T) {
	var dst everything
	wantViolations(t, decode(`{"version":1,"flag":true}`, &dst), fault.Invalid, []string{"version output_only"})
}

func TestDecodeFindsDuplicatesInDisguise(t *testing.T) {
	var dst everything
	wantViolations(t, decode(`{"flag":true,"fl\u0061g":false}`, &dst), fault.Malformed, []string{"flag duplicate"})
}

func TestDecodeNeverTellsValues(t *testing.T) {
	var dst everything
	err := decode(`{"text":["hunter2"],"small":"hunter2","id":"hunter2","at":"hunter2","day":"hunter2","decimal":"hunter2"}`, &dst)
	if err == nil || strings.Contains(fmt.Sprintf("%v %+v", err, err), "hunter2") {
		t.Errorf("the error tells a value: %v", err)
	}
}

func TestDecodeBoundsItsAnswer(t *testing.T) {
	var body strings.Builder
	body.WriteString(`{"` + strings.Repeat("ä", 1000) + `":0`)
	for i := range 10_000 {
		fmt.Fprintf(&body, `,"f%d":0`, i)
	}
	body.WriteString("}")
	var refusal *fault.Error
	if err := jsonbody.Decode([]byte(body.String())); !errors.As(err, &refusal) {
		t.Fatalf("Decode: %v", err)
	}
	if len(refusal.Violations) != 50 || refusal.Violations[0].Field != strings.Repeat("ä", 32) {
		t.Errorf("%d violations, the first about %q", len(refusal.Violations), refusal.Violations[0].Field)
	}
}

func TestDecodeKeepsNothingOfTheBody(t *testing.T) {
	body := []byte(`{"any":[1],"text":"abc"}`)
	var dst everything
	if err := jsonbody.Decode(body, jsonbody.Raw("any", &dst.Any), jsonbody.To("text", &dst.Text)); err != nil {
		t.Fatal(err)
	}
	clear(body)
	if string(dst.Any) != "[1]" || *dst.Text != "abc" {
		t.Errorf("the values change with the body: %q %q", dst.Any, *dst.Text)
	}
}
