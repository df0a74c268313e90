package order_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/acme/orders/internal/fault"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/order/ordertest"
)

var (
	created = time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.UTC)
	later   = created.Add(time.Hour)
)

func TestNew(t *testing.T) {
	id := uuid.New()
	details := ordertest.Details()

	got, err := order.New(id, details, created)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	want := order.Order{
		ID:         id,
		CustomerID: *details.CustomerID,
		ProductID:  details.ProductID,
		Email:      details.Email,
		State:      order.StatePending,
		Total:      *details.Total,
		Note:       details.Note,
		CreatedAt:  created,
		UpdatedAt:  created,
		Version:    1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("New (-want +got):\n%s", diff)
	}
}

func TestNewAcceptsExtremes(t *testing.T) {
	tests := map[string]order.Details{
		"the smallest values": ordertest.Smallest(),
		"the largest values":  ordertest.Largest(),
	}
	for name, details := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := order.New(uuid.New(), details, created); err != nil {
				t.Errorf("New: %v", err)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		name, field, rule string
		change            func(*order.Details)
	}{
		{"no customer_id", "customer_id", "required", func(d *order.Details) {
			d.CustomerID = nil
		}},
		{"email too long", "email", "max", func(d *order.Details) {
			d.Email = new(strings.Repeat("x", 255))
		}},
		{"no total", "total", "required", func(d *order.Details) {
			d.Total = nil
		}},
		{"total with too many digits", "total", "digits", func(d *order.Details) {
			d.Total = new(decimal.RequireFromString("1.251"))
		}},
		{"total too small", "total", "min", func(d *order.Details) {
			d.Total = new(decimal.RequireFromString("-0.01"))
		}},
		{"note too long", "note", "max", func(d *order.Details) {
			d.Note = new(strings.Repeat("x", 65536))
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			details := ordertest.Details()
			tt.change(&details)
			_, err := order.New(uuid.New(), details, created)
			wantViolation(t, err, tt.field, tt.rule)
		})
	}
}

func TestNewNamesEveryViolation(t *testing.T) {
	_, err := order.New(uuid.New(), order.Details{}, created)
	wantViolation(t, err, "customer_id", "required")
	wantViolation(t, err, "total", "required")
}

func TestRevise(t *testing.T) {
	o := ordertest.Order(created)
	details := ordertest.OtherDetails()
	details.CustomerID = &o.CustomerID
	details.ProductID = o.ProductID

	if err := o.Revise(details, later); err != nil {
		t.Fatalf("Revise: %v", err)
	}
	if diff := cmp.Diff(details, o.Details()); diff != "" {
		t.Errorf("details after Revise (-want +got):\n%s", diff)
	}
	if o.Version != 2 || !o.UpdatedAt.Equal(later) || !o.CreatedAt.Equal(created) {
		t.Errorf("version %d, updated %s, created %s; want 2, %s, %s", o.Version, o.UpdatedAt, o.CreatedAt, later, created)
	}
}

func TestReviseRefuses(t *testing.T) {
	tests := []struct {
		name, field, rule string
		change            func(*order.Details)
	}{
		{"another customer_id", "customer_id", "immutable", func(d *order.Details) {
			d.CustomerID = ordertest.OtherDetails().CustomerID
		}},
		{"another product_id", "product_id", "immutable", func(d *order.Details) {
			d.ProductID = ordertest.OtherDetails().ProductID
		}},
		{"no total", "total", "required", func(d *order.Details) {
			d.Total = nil
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := ordertest.Order(created)
			details := o.Details()
			tt.change(&details)
			wantViolation(t, o.Revise(details, later), tt.field, tt.rule)
			if diff := cmp.Diff(ordertest.Order(created), o); diff != "" {
				t.Errorf("a refused revision changed the order (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAtMostOpen(t *testing.T) {
	tests := []struct {
		limit int32
		open  int
		want  error
	}{
		{0, 1000, nil},
		{2, 1, nil},
		{2, 2, order.ErrTooManyOpen},
		{2, 3, order.ErrTooManyOpen},
	}
	for _, tt := range tests {
		if err := order.AtMostOpen(tt.limit)(tt.open); !errors.Is(err, tt.want) {
			t.Errorf("limit %d with %d open: %v, want %v", tt.limit, tt.open, err, tt.want)
		}
	}
}

func TestPay(t *testing.T) {
	tests := []struct {
		name    string
		allowed bool
		before  func(*order.Order)
	}{
		{"state pending", true, func(o *order.Order) {
			o.State = order.StatePending
		}},
		{"state paid", false, func(o *order.Order) {
			o.State = order.StatePaid
		}},
		{"state shipped", false, func(o *order.Order) {
			o.State = order.StateShipped
		}},
		{"state cancelled", false, func(o *order.Order) {
			o.State = order.StateCancelled
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := ordertest.Order(created)
			tt.before(&o)
			want := o
			err := o.Pay(later)
			if tt.allowed {
				want.State = order.StatePaid
				want.UpdatedAt, want.Version = later, 2
			}
			wantAction(t, err, tt.allowed, want, o)
		})
	}
}

func TestCancel(t *testing.T) {
	tests := []struct {
		name    string
		allowed bool
		before  func(*order.Order)
	}{
		{"state pending", true, func(o *order.Order) {
			o.State = order.StatePending
		}},
		{"state paid", true, func(o *order.Order) {
			o.State = order.StatePaid
		}},
		{"state shipped", false, func(o *order.Order) {
			o.State = order.StateShipped
		}},
		{"state cancelled", false, func(o *order.Order) {
			o.State = order.StateCancelled
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := ordertest.Order(created)
			tt.before(&o)
			want := o
			err := o.Cancel(later)
			if tt.allowed {
				want.State = order.StateCancelled
				want.UpdatedAt, want.Version = later, 2
			}
			wantAction(t, err, tt.allowed, want, o)
		})
	}
}

func wantAction(t *testing.T, err error, allowed bool, want, got order.Order) {
	t.Helper()
	if refused := fault.KindOf(err) == fault.WrongState; refused == allowed || allowed && err != nil {
		t.Errorf("error %v; want allowed: %t", err, allowed)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order after the action (-want +got):\n%s", diff)
	}
}

func wantViolation(t *testing.T, err error, field, rule string) {
	t.Helper()
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Kind != fault.Invalid {
		t.Fatalf("error %v, want a violation of %s: %s", err, field, rule)
	}
	for _, v := range refusal.Violations {
		if v.Field == field && v.Rule == rule {
			return
		}
	}
	t.Errorf("violations %+v, want %s: %s", refusal.Violations, field, rule)
}
