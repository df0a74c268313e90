package protobody_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"create-service/templates/components/grpc/platform/protobody"
	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/platform/paging"
)

func TestID(t *testing.T) {
	if id, err := protobody.ID("id", owner); err != nil || id.String() != owner {
		t.Errorf("the id is %s, error %v", id, err)
	}
	_, err := protobody.ID("order.id", "7")
	wantRefusal(t, err, fault.Malformed, "order.id: type")
}

func TestVersion(t *testing.T) {
	if version, err := protobody.Version("etag", `"3"`); err != nil || version != 3 {
		t.Errorf("the version is %d, error %v", version, err)
	}
	_, err := protobody.Version("order.etag", "")
	wantRefusal(t, err, fault.VersionRequired, "order.etag: required")
	if version, err := protobody.OptionalVersion(""); err != nil || version != 0 {
		t.Errorf("without an etag the version is %d, error %v", version, err)
	}
	for _, tag := range []string{"3", `"03"`, "*", `W/"3"`, `"x"`} {
		if _, err := protobody.Version("etag", tag); fault.KindOf(err) != fault.Stale {
			t.Errorf("etag %s: %v, want it stale", tag, err)
		}
	}
}

func TestUnit(t *testing.T) {
	request := wrapperspb.String("a")
	unit, err := protobody.UnitOf(t.Context(), "/orders.v1.OrderService/CreateOrder", "k 1", request)
	if err != nil || unit.Once != "/orders.v1.OrderService/CreateOrder k 1" {
		t.Errorf("once is %q, error %v", unit.Once, err)
	}
	tests := []struct {
		name, method string
		request      *wrapperspb.StringValue
		same         bool
	}{
		{"the same request", "/orders.v1.OrderService/CreateOrder", wrapperspb.String("a"), true},
		{"another request", "/orders.v1.OrderService/CreateOrder", wrapperspb.String("b"), false},
		{"another method", "/orders.v1.OrderService/PayOrder", wrapperspb.String("a"), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			other, err := protobody.UnitOf(t.Context(), tt.method, "k 1", tt.request)
			if same := other.Digest == unit.Digest; err != nil || same != tt.same {
				t.Errorf("the digests are equal: %t, want %t; error %v", same, tt.same, err)
			}
		})
	}
	if unit, err := protobody.UnitOf(t.Context(), "/a/B", "", request); err != nil || unit.IsOnce() {
		t.Errorf("without an id once is %q, error %v", unit.Once, err)
	}
	for _, id := range []string{"a\tb", "schlüssel", strings.Repeat("k", 256)} {
		_, err := protobody.UnitOf(t.Context(), "/a/B", id, request)
		wantRefusal(t, err, fault.Malformed, "request_id: form")
	}
}

func TestList(t *testing.T) {
	var got details
	in := full(t)
	request, err := protobody.List(20, "token", "count desc",
		protobody.To("name", in.Name, &got.Name),
		protobody.To("count", in.Count, &got.Count),
		protobody.To("big", in.Big, &got.Big),
		protobody.To("flag", in.Flag, &got.Flag),
		protobody.Float("ratio", new(1e21), &got.Ratio),
		protobody.Parsed("total", in.Total, &got.Total),
		protobody.Parsed("owner", nil, &got.Owner),
		protobody.Time("at", in.At, &got.At),
		protobody.Enum("state", in.State, &got.State, states()),
	)
	if err != nil {
		t.Fatal(err)
	}
	want := paging.Request{Size: 20, Token: "token", OrderBy: "count desc", Filter: map[string]string{
		"name": "", "count": "0", "big": "9223372036854775807", "flag": "false", "ratio": "1e+21", "total": "1.50",
		"at": "2026-01-02T02:04:05.000006789Z", "state": "paid",
	}}
	if diff := cmp.Diff(want, request); diff != "" {
		t.Errorf("the request (-want +got):\n%s", diff)
	}
	if got.Name == nil || got.Owner != nil || *got.State != "paid" {
		t.Errorf("the filters are %+v", got)
	}
	_, err = protobody.List(0, "", "", protobody.Parsed("owner", new("7"), &got.Owner))
	wantRefusal(t, err, fault.Malformed, "owner: type")
}

func TestNumberOf(t *testing.T) {
	for text, want := range map[state]stateE{"pending": 1, "paid": 2, "nope": 0} {
		if got := protobody.NumberOf(&text, states()); got != want {
			t.Errorf("%s has number %d, want %d", text, got, want)
		}
	}
	if got := protobody.NumberOf(nil, states()); got != 0 {
		t.Errorf("nil has number %d", got)
	}
}

func TestValuesOfWhatMayBeAbsent(t *testing.T) {
	id, at, sum := uuid.MustParse(owner), time.Unix(1, 2000), decimal.RequireFromString("1.5")
	if got := protobody.Text(&id); *got != owner {
		t.Errorf("the text is %s", *got)
	}
	if got := protobody.Fixed(&sum, 3); *got != "1.500" {
		t.Errorf("the decimal is %s", *got)
	}
	if got := protobody.Timestamp(&at); got.GetSeconds() != 1 || got.GetNanos() != 2000 {
		t.Errorf("the time is %v", got)
	}
	if protobody.Text[uuid.UUID](nil) != nil || protobody.Fixed(nil, 3) != nil || protobody.Timestamp(nil) != (*timestamppb.Timestamp)(nil) {
		t.Error("nil does not stay nil")
	}
}

func TestAny(t *testing.T) {
	for _, text := range []string{`{"a":[1.5,"<>",null,true]}`, `false`, `"x"`, `[]`, `{}`} {
		value, err := protobody.Any(json.RawMessage(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var back json.RawMessage
		if err := protobody.Decode(protobody.Given(), protobody.JSON("x", value, &back)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if string(back) != text {
			t.Errorf("%s comes back as %s", text, back)
		}
	}
	for _, none := range []json.RawMessage{nil, json.RawMessage("null")} {
		if value, err := protobody.Any(none); value != (*structpb.Value)(nil) || err != nil {
			t.Errorf("%q becomes %v, error %v", none, value, err)
		}
	}
	if _, err := protobody.Any(json.RawMessage(`{`)); err == nil {
		t.Error("broken JSON is encoded")
	}
}
