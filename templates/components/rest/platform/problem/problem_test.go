package problem_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"create-service/templates/components/rest/platform/problem"
	"create-service/templates/service/kernel/fault"
)

func TestOfEveryKind(t *testing.T) {
	tests := []struct {
		kind       fault.Kind
		wantStatus int
		wantType   string
	}{
		{fault.Malformed, 400, "urn:problem:malformed"},
		{fault.Unauthenticated, 401, "urn:problem:unauthenticated"},
		{fault.Forbidden, 403, "urn:problem:forbidden"},
		{fault.Invalid, 422, "urn:problem:invalid"},
		{fault.NotFound, 404, "urn:problem:not-found"},
		{fault.Exists, 409, "urn:problem:exists"},
		{fault.WrongState, 409, "urn:problem:wrong-state"},
		{fault.Stale, 412, "urn:problem:stale"},
		{fault.VersionRequired, 428, "urn:problem:version-required"},
		{fault.Reused, 422, "urn:problem:reused"},
		{fault.TooLarge, 413, "urn:problem:too-large"},
		{fault.Unsupported, 415, "urn:problem:unsupported"},
		{fault.Unavailable, 503, "urn:problem:unavailable"},
		{fault.Internal, 500, "about:blank"},
	}
	for _, tt := range tests {
		t.Run(tt.wantType, func(t *testing.T) {
			p := problem.Of(fmt.Errorf("layer: %w", fault.New(tt.kind, "why")))
			if p.Status != tt.wantStatus || p.Type != tt.wantType || p.Title == "" {
				t.Errorf("the problem is %+v", p)
			}
			if told := p.Detail == "why"; told == (tt.kind == fault.Internal) {
				t.Errorf("the detail is %q", p.Detail)
			}
		})
	}
}

func TestOfErrorsThatAreNoFaults(t *testing.T) {
	tests := []struct {
		err        error
		wantStatus int
	}{
		{errors.New("secret"), http.StatusInternalServerError},
		{fmt.Errorf("query: %w", context.DeadlineExceeded), http.StatusGatewayTimeout},
		{fmt.Errorf("query: %w", context.Canceled), problem.StatusClientGone},
		{fmt.Errorf("%w: %w", fault.New(fault.Unavailable, "later"), context.DeadlineExceeded), http.StatusServiceUnavailable},
	}
	for _, tt := range tests {
		if got := problem.Of(tt.err); got.Status != tt.wantStatus || got.Title == "" {
			t.Errorf("%v becomes %+v, want %d", tt.err, got, tt.wantStatus)
		}
	}
}

func TestOfNamesFields(t *testing.T) {
	err := &fault.Error{Kind: fault.Invalid, Message: "bad", Violations: []fault.Violation{
		{Field: "a", Rule: "min", Message: "is too small"},
		{Field: "b", Rule: "required", Message: "is required"},
	}}
	want := []problem.FieldError{{Field: "a", Rule: "min", Message: "is too small"}, {Field: "b", Rule: "required", Message: "is required"}}
	if diff := cmp.Diff(want, problem.Of(err).Errors); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestWrite(t *testing.T) {
	tests := []struct {
		name           string
		problem        problem.Problem
		wantBody       string
		wantRetryAfter string
	}{
		{
			"a bare one", problem.OfStatus(404),
			`{"type":"about:blank","title":"Not Found","status":404}`, "",
		},
		{
			"with everything",
			problem.Problem{
				Type: "urn:problem:invalid", Title: "t", Status: 422, Detail: "d", Instance: "/v1/orders",
				Errors: []problem.FieldError{{Field: "f", Rule: "r", Message: "m"}}, RequestID: "q", TraceID: "c",
			},
			`{"type":"urn:problem:invalid","title":"t","status":422,"detail":"d","instance":"/v1/orders",` +
				`"errors":[{"field":"f","rule":"r","message":"m"}],"request_id":"q","trace_id":"c"}`, "",
		},
		{
			"one that passes", problem.Of(fault.New(fault.Unavailable, "later")),
			`{"type":"urn:problem:unavailable","title":"The service cannot do this now","status":503,"detail":"later"}`, "1",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			if err := problem.Write(w, tt.problem); err != nil {
				t.Fatalf("Write: %v", err)
			}
			if w.Code != tt.problem.Status || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("status %d, type %s", w.Code, w.Header().Get("Content-Type"))
			}
			if diff := cmp.Diff(tt.wantBody, w.Body.String()); diff != "" {
				t.Errorf("body (-want +got):\n%s", diff)
			}
			if got := w.Header().Get("Retry-After"); got != tt.wantRetryAfter {
				t.Errorf("Retry-After is %q, want %q", got, tt.wantRetryAfter)
			}
		})
	}
}
