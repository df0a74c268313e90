package paging_test

import (
	"encoding/base64"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/platform/paging"
)

func rules() paging.Rules {
	return paging.Rules{Collection: "orders", OrderBy: []string{"created_at", "total"}, Default: "created_at desc"}
}

func TestPage(t *testing.T) {
	newest := paging.Order{Field: "created_at", Descending: true}
	tests := []struct {
		name string
		give paging.Request
		want paging.Page
	}{
		{name: "defaults", want: paging.Page{Size: 50, Order: newest}},
		{name: "size", give: paging.Request{Size: 1}, want: paging.Page{Size: 1, Order: newest}},
		{name: "largest size", give: paging.Request{Size: 200}, want: paging.Page{Size: 200, Order: newest}},
		{name: "a larger size becomes the largest", give: paging.Request{Size: 201}, want: paging.Page{Size: 200, Order: newest}},
		{name: "field", give: paging.Request{OrderBy: "total"}, want: paging.Page{Size: 50, Order: paging.Order{Field: "total"}}},
		{name: "ascending", give: paging.Request{OrderBy: "total asc"}, want: paging.Page{Size: 50, Order: paging.Order{Field: "total"}}},
		{name: "descending", give: paging.Request{OrderBy: "  total  desc "}, want: paging.Page{Size: 50, Order: paging.Order{Field: "total", Descending: true}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := rules().Page(test.give)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreUnexported(paging.Page{})); diff != "" {
				t.Errorf("Page() (-want +got):\n%s", diff)
			}
			if got.Limit() != test.want.Size+1 {
				t.Errorf("Limit() = %d, want one more than %d", got.Limit(), test.want.Size)
			}
		})
	}
}

func TestPageRefuses(t *testing.T) {
	tests := []struct {
		name  string
		give  paging.Request
		field string
	}{
		{name: "negative size", give: paging.Request{Size: -1}, field: "page_size"},
		{name: "unknown field", give: paging.Request{OrderBy: "price"}, field: "order_by"},
		{name: "unknown direction", give: paging.Request{OrderBy: "total down"}, field: "order_by"},
		{name: "upper case", give: paging.Request{OrderBy: "total DESC"}, field: "order_by"},
		{name: "two fields", give: paging.Request{OrderBy: "total,created_at"}, field: "order_by"},
		{name: "three words", give: paging.Request{OrderBy: "total desc asc"}, field: "order_by"},
		{name: "SQL", give: paging.Request{OrderBy: "total;DROP TABLE orders"}, field: "order_by"},
		{name: "token that is none", give: paging.Request{Token: "!"}, field: "page_token"},
		{name: "short token", give: paging.Request{Token: "AQ"}, field: "page_token"},
		{name: "long token", give: paging.Request{Token: strings.Repeat("A", 100_000)}, field: "page_token"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := rules().Page(test.give)
			wantMalformed(t, err, test.field)
		})
	}
}

func wantMalformed(t *testing.T, err error, field string) {
	t.Helper()
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != fault.Malformed || len(refusal.Violations) != 1 || refusal.Violations[0].Field != field {
		t.Errorf("error = %#v, want malformed because of %s", err, field)
	}
}

// token returns the token behind the first page of the request, which ends at the cursor.
func token(t *testing.T, r paging.Rules, q paging.Request, end paging.Cursor) string {
	t.Helper()
	q.Size = 1
	page, err := r.Page(q)
	if err != nil {
		t.Fatal(err)
	}
	_, next := paging.Cut(page, []int{1, 2}, func(int) paging.Cursor { return end })
	return next
}

func TestATokenLeadsToWhereThePageEnded(t *testing.T) {
	cursors := []paging.Cursor{
		{Value: "2026-11-22T10:00:00.123456Z", ID: "0192f0c1-2b3c-7def-8123-456789abcdef"},
		{},
		{Value: "é\x00😀\xff", ID: "1"},
		{Value: strings.Repeat("😀", 1024), ID: "1"},
	}
	for _, want := range cursors {
		q := paging.Request{OrderBy: "total desc", Filter: map[string]string{"state": "paid"}}
		q.Token = token(t, rules(), q, want)
		q.Size = 7 // the size may change on the way
		page, err := rules().Page(q)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&want, page.After); diff != "" {
			t.Errorf("After (-want +got):\n%s", diff)
		}
		if strings.Trim(q.Token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			t.Errorf("token %q is not safe in a URL", q.Token)
		}
	}
}

func TestATokenWorksOnlyInItsList(t *testing.T) {
	end := paging.Cursor{Value: "10", ID: "1"}
	made := paging.Request{OrderBy: "total", Filter: map[string]string{"state": "paid", "customer": ""}}
	mine := token(t, rules(), made, end)
	tests := []struct {
		name   string
		rules  func(*paging.Rules)
		change func(*paging.Request)
		valid  bool
	}{
		{name: "same request", valid: true},
		{name: "same order in other words", change: func(q *paging.Request) { q.OrderBy = " total asc" }, valid: true},
		{name: "other direction", change: func(q *paging.Request) { q.OrderBy = "total desc" }},
		{name: "other field", change: func(q *paging.Request) { q.OrderBy = "created_at" }},
		{name: "other value", change: func(q *paging.Request) { q.Filter["state"] = "open" }},
		{name: "filter left out", change: func(q *paging.Request) { delete(q.Filter, "customer") }},
		{name: "filter added", change: func(q *paging.Request) { q.Filter["note"] = "" }},
		{name: "text moved between name and value", change: func(q *paging.Request) {
			q.Filter = map[string]string{"statepai": "d", "customer": ""}
		}},
		{name: "other collection", rules: func(r *paging.Rules) { r.Collection = "invoices" }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, q := rules(), made
			q.Filter, q.Token = maps.Clone(made.Filter), mine
			if test.rules != nil {
				test.rules(&r)
			}
			if test.change != nil {
				test.change(&q)
			}
			_, err := r.Page(q)
			if test.valid {
				if err != nil {
					t.Errorf("Page() = %v, want nil", err)
				}
				return
			}
			wantMalformed(t, err, "page_token")
		})
	}
}

func TestADamagedTokenIsRefused(t *testing.T) {
	q := paging.Request{}
	whole := token(t, rules(), q, paging.Cursor{Value: "2026-11-22", ID: "o-1"})
	raw, err := base64.RawURLEncoding.DecodeString(whole)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		for _, bit := range []byte{1, 0x80} {
			damaged := slices.Clone(raw)
			damaged[i] ^= bit
			q.Token = base64.RawURLEncoding.EncodeToString(damaged)
			_, err := rules().Page(q)
			wantMalformed(t, err, "page_token")
		}
		q.Token = base64.RawURLEncoding.EncodeToString(raw[:i])
		if i > 0 {
			_, err := rules().Page(q)
			wantMalformed(t, err, "page_token")
		}
	}
	for _, changed := range []string{whole + "A", whole + "=", whole + "\n", " " + whole} {
		q.Token = changed
		_, err := rules().Page(q)
		wantMalformed(t, err, "page_token")
	}
}

func TestCut(t *testing.T) {
	page, err := rules().Page(paging.Request{Size: 2})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		rows, want []int
		next       bool
	}{
		{rows: nil, want: nil},
		{rows: []int{1}, want: []int{1}},
		{rows: []int{1, 2}, want: []int{1, 2}},
		{rows: []int{1, 2, 3}, want: []int{1, 2}, next: true},
	}
	for _, test := range tests {
		got, next := paging.Cut(page, test.rows, func(row int) paging.Cursor { return paging.Cursor{ID: strconv.Itoa(row)} })
		if diff := cmp.Diff(test.want, got); diff != "" || (next != "") != test.next {
			t.Errorf("Cut(%v) has next page %t, want %t; rows (-want +got):\n%s", test.rows, next != "", test.next, diff)
		}
		if !test.next {
			continue
		}
		following, err := rules().Page(paging.Request{Token: next})
		if err != nil || following.After.ID != "2" {
			t.Errorf("the next page is after %v (%v), want after the last row shown", following.After, err)
		}
	}
}

func FuzzToken(f *testing.F) {
	f.Add("", "", "")
	f.Add("AQ", "10", "1")
	f.Fuzz(func(t *testing.T, foreign, value, id string) {
		if page, err := rules().Page(paging.Request{Token: foreign}); err == nil && foreign != "" {
			again := token(t, rules(), paging.Request{}, *page.After)
			if again != foreign {
				t.Errorf("token %q was read as %v, whose token is %q", foreign, page.After, again)
			}
		}
		own := token(t, rules(), paging.Request{}, paging.Cursor{Value: value, ID: id})
		page, err := rules().Page(paging.Request{Token: own})
		tooLong := len(value)+len(id) > 4<<10
		if !tooLong && (err != nil || *page.After != (paging.Cursor{Value: value, ID: id})) {
			t.Errorf("token of %q, %q is read as %v (%v)", value, id, page.After, err)
		}
	})
}
