package protobody_test

import (
	"encoding/json"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"create-service/templates/components/grpc/platform/protobody"
	"create-service/templates/service/kernel/date"
	"create-service/templates/service/kernel/fault"
)

type (
	state   string
	stateE  int32
	details struct {
		Name  *string
		Count *int32
		Big   *int64
		Flag  *bool
		Ratio *float64
		Total *decimal.Decimal
		Owner *uuid.UUID
		Day   *date.Date
		At    *time.Time
		State *state
		Extra json.RawMessage
	}
	// sent is what a generated message would hold.
	sent struct {
		Name              *string
		Count             *int32
		Big               *int64
		Flag              *bool
		Ratio             *float64
		Total, Owner, Day *string
		At                *timestamppb.Timestamp
		State             stateE
		Extra             *structpb.Value
	}
)

func states() []protobody.Value[state, stateE] {
	return []protobody.Value[state, stateE]{{Text: "pending", Number: 1}, {Text: "paid", Number: 2}}
}

func decode(mask protobody.Mask, in sent, d *details) error {
	return protobody.Decode(mask,
		protobody.To("name", in.Name, &d.Name),
		protobody.To("count", in.Count, &d.Count),
		protobody.To("big", in.Big, &d.Big),
		protobody.To("flag", in.Flag, &d.Flag),
		protobody.Float("ratio", in.Ratio, &d.Ratio),
		protobody.Parsed("total", in.Total, &d.Total),
		protobody.Parsed("owner", in.Owner, &d.Owner),
		protobody.Parsed("day", in.Day, &d.Day),
		protobody.Time("at", in.At, &d.At),
		protobody.Enum("state", in.State, &d.State, states()),
		protobody.JSON("extra", in.Extra, &d.Extra),
		protobody.OutputOnly("id"),
	)
}

const owner = "01890a5d-ac96-774b-bcce-b302099a8057"

// full has every field; it decodes to fullDetails.
func full(t *testing.T) sent {
	t.Helper()
	extra, err := structpb.NewValue(map[string]any{"b": []any{1.5, "<>", nil}, "a": true})
	if err != nil {
		t.Fatal(err)
	}
	return sent{
		Name: new(""), Count: new(int32(0)), Big: new(int64(math.MaxInt64)), Flag: new(false), Ratio: new(0.0),
		Total: new("1.50"), Owner: new(owner), Day: new("2026-02-03"),
		At:    timestamppb.New(time.Date(2026, 1, 2, 3, 4, 5, 6789, time.FixedZone("x", 3600))),
		State: 2, Extra: extra,
	}
}

func fullDetails() details {
	return details{
		Name: new(""), Count: new(int32(0)), Big: new(int64(math.MaxInt64)), Flag: new(false), Ratio: new(0.0),
		Total: new(decimal.RequireFromString("1.50")), Owner: new(uuid.MustParse(owner)),
		Day: new(date.Date{Year: 2026, Month: time.February, Day: 3}),
		At:  new(time.Date(2026, 1, 2, 2, 4, 5, 6000, time.UTC)), State: new(state("paid")),
		Extra: json.RawMessage(`{"a":true,"b":[1.5,"<>",null]}`),
	}
}

func TestDecodeEveryType(t *testing.T) {
	var got details
	if err := decode(protobody.Given(), full(t), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(fullDetails(), got); diff != "" {
		t.Errorf("details (-want +got):\n%s", diff)
	}
}

func TestDecodeLeavesWhatIsNotGiven(t *testing.T) {
	got := fullDetails()
	if err := decode(protobody.Given(), sent{Count: new(int32(7))}, &got); err != nil {
		t.Fatal(err)
	}
	want := fullDetails()
	want.Count = new(int32(7))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("details (-want +got):\n%s", diff)
	}
}

func TestDecodeTakesWhatTheMaskNames(t *testing.T) {
	got := fullDetails()
	paths := []string{"name", "count", "big", "flag", "ratio", "total", "owner", "day", "at", "state", "extra"}
	for _, path := range paths {
		in := full(t)
		in.Count, in.Name = new(int32(7)), nil
		if err := decode(mask(t, path), in, &got); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	want := fullDetails()
	want.Count, want.Name = new(int32(7)), nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("details with every field taken (-want +got):\n%s", diff)
	}
	if err := decode(mask(t, paths...), sent{}, &got); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(details{}, got); diff != "" {
		t.Errorf("details with every field named and none given (-want +got):\n%s", diff)
	}
}

func TestDecodeTakesNullForNone(t *testing.T) {
	got := fullDetails()
	if err := decode(protobody.Given(), sent{Extra: structpb.NewNullValue()}, &got); err != nil || got.Extra != nil {
		t.Errorf("extra is %s, error %v; want none", got.Extra, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	deep := structpb.NewNumberValue(1)
	for range 32 {
		deep = structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{deep}})
	}
	tests := []struct {
		name     string
		paths    []string
		in       sent
		wantKind fault.Kind
		want     []string
	}{
		{"text that is no value", nil, sent{Total: new("x"), Owner: new("1"), Day: new("")}, fault.Malformed, []string{"total: type", "owner: type", "day: type"}},
		{"a number that is not finite", nil, sent{Ratio: new(math.NaN())}, fault.Malformed, []string{"ratio: type"}},
		{"an infinite number", nil, sent{Ratio: new(math.Inf(-1))}, fault.Malformed, []string{"ratio: type"}},
		{"a time out of range", nil, sent{At: &timestamppb.Timestamp{Seconds: math.MaxInt64}}, fault.Malformed, []string{"at: type"}},
		{"an unknown number of an enum", nil, sent{State: 3}, fault.Malformed, []string{"state: type"}},
		{"JSON with NaN", nil, sent{Extra: structpb.NewNumberValue(math.NaN())}, fault.Malformed, []string{"extra: type"}},
		{"JSON without a kind", nil, sent{Extra: structpb.NewStructValue(&structpb.Struct{Fields: map[string]*structpb.Value{"a": {}}})}, fault.Malformed, []string{"extra: type"}},
		{"JSON that is nested too deep", nil, sent{Extra: deep}, fault.Malformed, []string{"extra: type"}},
		{"an unknown path", []string{"nope"}, sent{}, fault.Malformed, []string{"nope: unknown"}},
		{"a path into a field", []string{"extra.a"}, sent{}, fault.Malformed, []string{"extra.a: unknown"}},
		{"an output-only path", []string{"id"}, sent{}, fault.Invalid, []string{"id: output_only"}},
		{"both", []string{"id", "nope"}, sent{}, fault.Malformed, []string{"id: output_only", "nope: unknown"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got details
			err := decode(mask(t, tt.paths...), tt.in, &got)
			wantRefusal(t, err, tt.wantKind, tt.want...)
		})
	}
}

func TestDecodeTakesTheDeepestJSON(t *testing.T) {
	deep := structpb.NewNumberValue(1)
	for range 31 {
		deep = structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{deep}})
	}
	var got details
	if err := decode(protobody.Given(), sent{Extra: deep}, &got); err != nil || len(got.Extra) != 63 {
		t.Errorf("31 levels are read as %s, error %v", got.Extra, err)
	}
}

func TestReadMask(t *testing.T) {
	tests := []struct {
		name    string
		paths   []string
		all     bool
		refused bool
	}{
		{"none", nil, false, false},
		{"a field", []string{"name"}, false, false},
		{"everything", []string{"*"}, true, false},
		{"everything and a field", []string{"name", "*"}, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := protobody.ReadMask(&fieldmaskpb.FieldMask{Paths: tt.paths})
			if got.ReplacesAll() != tt.all || (err != nil) != tt.refused {
				t.Errorf("replaces all: %t, error %v", got.ReplacesAll(), err)
			}
			if tt.refused {
				wantRefusal(t, err, fault.Malformed, "update_mask: mask")
			}
		})
	}
	if got, err := protobody.ReadMask(nil); got.ReplacesAll() || err != nil {
		t.Errorf("no mask replaces all: %t, error %v", got.ReplacesAll(), err)
	}
}

func TestWithin(t *testing.T) {
	err := protobody.Within("order", fault.Field(fault.Invalid, "total", "min", "is too small"))
	wantRefusal(t, err, fault.Invalid, "order.total: min")
	other := errors.New("lost")
	for _, err := range []error{nil, other, fault.New(fault.Stale, "changed")} {
		if got := protobody.Within("order", err); !errors.Is(got, err) {
			t.Errorf("%v becomes %v", err, got)
		}
	}
}

func mask(t *testing.T, paths ...string) protobody.Mask {
	t.Helper()
	mask, err := protobody.ReadMask(&fieldmaskpb.FieldMask{Paths: paths})
	if err != nil {
		t.Fatal(err)
	}
	return mask
}

// wantRefusal checks the kind of a refusal and what it names, as "field: rule".
func wantRefusal(t *testing.T, err error, kind fault.Kind, want ...string) {
	t.Helper()
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != kind {
		t.Fatalf("the error is %v, want kind %d", err, kind)
	}
	var got []string
	for _, v := range refusal.Violations {
		if v.Message == "" {
			t.Errorf("%s has no message", v.Field)
		}
		got = append(got, v.Field+": "+v.Rule)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("violations (-want +got):\n%s", diff)
	}
}
