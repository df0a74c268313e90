package query_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"create-service/templates/components/rest/platform/query"
	"create-service/templates/service/kernel/date"
	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/platform/paging"
)

type state string

type filter struct {
	Customer *uuid.UUID
	Open     *bool
	Count    *int32
	Number   *int64
	Total    *decimal.Decimal
	Day      *date.Date
	At       *time.Time
	Name     *string
	State    *state
}

func list(rawQuery string) (paging.Request, filter, error) {
	var request paging.Request
	var f filter
	err := query.List(rawQuery, &request,
		query.To("customer_id", &f.Customer),
		query.To("open", &f.Open),
		query.To("count", &f.Count),
		query.To("number", &f.Number),
		query.To("total", &f.Total),
		query.To("day", &f.Day),
		query.To("at", &f.At),
		query.To("name", &f.Name),
		query.Enum("state", &f.State, "pending", "paid"),
	)
	return request, f, err
}

func TestListReadsEveryType(t *testing.T) {
	request, got, err := list("page_size=20&page_token=abc&order_by=total+desc&customer_id=01890a5d-ac96-774b-bcce-b302099a8057&open=true" +
		"&count=-1&number=9007199254740993&total=1.50&day=2026-02-03&at=2026-02-03T04%3A05%3A06%2B02%3A00&name=a%26b&state=paid")
	if err != nil {
		t.Fatalf("List: %v", err)
	}
	want := filter{
		Customer: new(uuid.MustParse("01890a5d-ac96-774b-bcce-b302099a8057")),
		Open:     new(true),
		Count:    new(int32(-1)),
		Number:   new(int64(9007199254740993)),
		Total:    new(decimal.RequireFromString("1.50")),
		Day:      new(date.Date{Year: 2026, Month: time.February, Day: 3}),
		At:       new(time.Date(2026, 2, 3, 2, 5, 6, 0, time.UTC)),
		Name:     new("a&b"),
		State:    new(state("paid")),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the filter (-want +got):\n%s", diff)
	}
	wantRequest := paging.Request{Size: 20, Token: "abc", OrderBy: "total desc", Filter: map[string]string{
		"customer_id": "01890a5d-ac96-774b-bcce-b302099a8057", "open": "true", "count": "-1", "number": "9007199254740993",
		"total": "1.50", "day": "2026-02-03", "at": "2026-02-03T04:05:06+02:00", "name": "a&b", "state": "paid",
	}}
	if diff := cmp.Diff(wantRequest, request); diff != "" {
		t.Errorf("the request (-want +got):\n%s", diff)
	}
}

func TestListOfNothing(t *testing.T) {
	request, got, err := list("")
	if err != nil {
		t.Fatalf("List: %v", err)
	}
	if diff := cmp.Diff(filter{}, got); diff != "" {
		t.Errorf("the filter: %s", diff)
	}
	if diff := cmp.Diff(paging.Request{Filter: map[string]string{}}, request); diff != "" {
		t.Errorf("the request: %s", diff)
	}
}

func TestListTellsEmptyFromAbsent(t *testing.T) {
	request, got, err := list("name=")
	if err != nil || got.Name == nil || *got.Name != "" {
		t.Errorf("name is %v, error %v", got.Name, err)
	}
	if _, given := request.Filter["name"]; !given {
		t.Error("an empty filter is left out of the page token")
	}
}

func TestListNamesEveryBadParameter(t *testing.T) {
	tests := []struct {
		name, query string
		want        []fault.Violation
	}{
		{"unknown ones in order", "z=1&a=2", []fault.Violation{
			{Field: "a", Rule: "unknown", Message: "is not a parameter of this request"},
			{Field: "z", Rule: "unknown", Message: "is not a parameter of this request"},
		}},
		{"another case is another name", "Name=x", []fault.Violation{
			{Field: "Name", Rule: "unknown", Message: "is not a parameter of this request"},
		}},
		{"given twice", "open=true&open=true&page_size=1&page_size=2", []fault.Violation{
			{Field: "page_size", Rule: "duplicate", Message: "is given more than once"},
			{Field: "open", Rule: "duplicate", Message: "is given more than once"},
		}},
		{"of another type", "page_size=many&customer_id=7&state=lost&x", []fault.Violation{
			{Field: "x", Rule: "unknown", Message: "is not a parameter of this request"},
			{Field: "page_size", Rule: "type", Message: "must be an integer of 64 bits"},
			{Field: "customer_id", Rule: "type", Message: "must be a UUID"},
			{Field: "state", Rule: "type", Message: "must be one of pending, paid"},
		}},
		{"empty where that is no value", "customer_id=", []fault.Violation{
			{Field: "customer_id", Rule: "type", Message: "must be a UUID"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := list(tt.query)
			var refusal *fault.Error
			if !errors.As(err, &refusal) || refusal.Kind != fault.Malformed {
				t.Fatalf("List: %v, want a malformed one", err)
			}
			if diff := cmp.Diff(tt.want, refusal.Violations); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}

func TestListRefusesWhatIsNoQuery(t *testing.T) {
	for _, raw := range []string{"name=%zz", "name=a;open=true"} {
		if _, _, err := list(raw); fault.KindOf(err) != fault.Malformed {
			t.Errorf("%s: %v, want a malformed one", raw, err)
		}
	}
}

func TestListBoundsItsAnswer(t *testing.T) {
	var raw strings.Builder
	raw.WriteString(strings.Repeat("%c3%a4", 100) + "=1")
	for i := range 1000 {
		raw.WriteString("&z" + strings.Repeat("z", i) + "=1")
	}
	_, _, err := list(raw.String())
	var refusal *fault.Error
	if !errors.As(err, &refusal) || len(refusal.Violations) != 20 {
		t.Fatalf("List: %d violations, want 20", len(refusal.Violations))
	}
	for _, v := range refusal.Violations {
		if len(v.Field) > 64 {
			t.Errorf("a name of %d bytes is given back", len(v.Field))
		}
	}
}

func FuzzList(f *testing.F) {
	f.Add("page_size=1&state=paid")
	f.Add("name=%00&name=a;b")
	f.Fuzz(func(t *testing.T, raw string) {
		if _, _, err := list(raw); err != nil && fault.KindOf(err) != fault.Malformed {
			t.Errorf("refused with %v", err)
		}
	})
}
