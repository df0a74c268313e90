package shipment_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/acme/shipping/internal/fault"
	"github.com/acme/shipping/internal/message"
	"github.com/acme/shipping/internal/shipment"
	"github.com/acme/shipping/internal/shipment/shipmenttest"
)

var (
	created = time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.UTC)
	later   = created.Add(time.Hour)
)

func TestNew(t *testing.T) {
	id := uuid.New()
	details := shipmenttest.Details()

	got, err := shipment.New(id, details, created)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	want := shipment.Shipment{
		ID:        id,
		OrderID:   *details.OrderID,
		State:     shipment.StatePending,
		CreatedAt: created,
		UpdatedAt: created,
		Version:   1,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("New (-want +got):\n%s", diff)
	}
}

func TestCreateBooksACarrier(t *testing.T) {
	store := shipmenttest.NewStore()
	sh, err := shipment.NewService(store, time.Now).Create(t.Context(), shipmenttest.Details(), message.Unit{})
	if err != nil {
		t.Fatal(err)
	}
	sent := store.Sent()
	if len(sent) != 1 || sent[0].Kind != message.Task || sent[0].Data != any(message.BookCarrier{ShipmentID: sh.ID}) {
		t.Errorf("messages %+v, want the task to book a carrier for %s alone", sent, sh.ID)
	}
}

func TestNewAcceptsExtremes(t *testing.T) {
	tests := map[string]shipment.Details{
		"the smallest values": shipmenttest.Smallest(),
		"the largest values":  shipmenttest.Largest(),
	}
	for name, details := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := shipment.New(uuid.New(), details, created); err != nil {
				t.Errorf("New: %v", err)
			}
		})
	}
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		name, field, rule string
		change            func(*shipment.Details)
	}{
		{"no order_id", "order_id", "required", func(d *shipment.Details) {
			d.OrderID = nil
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			details := shipmenttest.Details()
			tt.change(&details)
			_, err := shipment.New(uuid.New(), details, created)
			wantViolation(t, err, tt.field, tt.rule)
		})
	}
}

func TestNewNamesEveryViolation(t *testing.T) {
	_, err := shipment.New(uuid.New(), shipment.Details{}, created)
	wantViolation(t, err, "order_id", "required")
}

func TestBook(t *testing.T) {
	tests := []struct {
		name    string
		allowed bool
		before  func(*shipment.Shipment)
	}{
		{"state pending", true, func(sh *shipment.Shipment) {
			sh.State = shipment.StatePending
		}},
		{"state booked", false, func(sh *shipment.Shipment) {
			sh.State = shipment.StateBooked
		}},
		{"state failed", false, func(sh *shipment.Shipment) {
			sh.State = shipment.StateFailed
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sh := shipmenttest.Shipment(created)
			tt.before(&sh)
			want := sh
			err := sh.Book(later)
			if tt.allowed {
				want.State = shipment.StateBooked
				want.UpdatedAt, want.Version = later, 2
			}
			wantAction(t, err, tt.allowed, want, sh)
		})
	}
}

func TestAbort(t *testing.T) {
	tests := []struct {
		name    string
		allowed bool
		before  func(*shipment.Shipment)
	}{
		{"state pending", true, func(sh *shipment.Shipment) {
			sh.State = shipment.StatePending
		}},
		{"state booked", false, func(sh *shipment.Shipment) {
			sh.State = shipment.StateBooked
		}},
		{"state failed", false, func(sh *shipment.Shipment) {
			sh.State = shipment.StateFailed
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sh := shipmenttest.Shipment(created)
			tt.before(&sh)
			want := sh
			err := sh.Abort(later)
			if tt.allowed {
				want.State = shipment.StateFailed
				want.UpdatedAt, want.Version = later, 2
			}
			wantAction(t, err, tt.allowed, want, sh)
		})
	}
}

func wantAction(t *testing.T, err error, allowed bool, want, got shipment.Shipment) {
	t.Helper()
	if refused := fault.KindOf(err) == fault.WrongState; refused == allowed || allowed && err != nil {
		t.Errorf("error %v; want allowed: %t", err, allowed)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("shipment after the action (-want +got):\n%s", diff)
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
