// Package shipment holds shipments: what they are, what may happen to them, and the use cases on them.
package shipment

import (
	"time"

	"github.com/google/uuid"

	"github.com/acme/shipping/internal/fault"
)

// Shipment is one shipment as it is kept.
type Shipment struct {
	ID        uuid.UUID
	OrderID   uuid.UUID
	State     State
	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int64
}

// Details are what a client decides about a shipment. Nil means absent.
type Details struct {
	OrderID *uuid.UUID
}

// New returns a new shipment with the given details. Its error names every detail that breaks a rule.
func New(id uuid.UUID, d Details, now time.Time) (Shipment, error) {
	var c fault.Checks
	d.check(&c)
	if err := c.Err(); err != nil {
		return Shipment{}, err
	}
	sh := Shipment{
		ID:        id,
		State:     StatePending,
		CreatedAt: now,
		UpdatedAt: now,
		Version:   1,
	}
	sh.set(d)
	return sh, nil
}

// Book sets state to booked. Before, state must be pending.
func (sh *Shipment) Book(now time.Time) error {
	if sh.State != StatePending {
		return fault.New(fault.WrongState, "cannot book: state must be pending")
	}
	sh.State = StateBooked
	sh.touch(now)
	return nil
}

// Abort sets state to failed. Before, state must be pending.
func (sh *Shipment) Abort(now time.Time) error {
	if sh.State != StatePending {
		return fault.New(fault.WrongState, "cannot abort: state must be pending")
	}
	sh.State = StateFailed
	sh.touch(now)
	return nil
}

func (sh *Shipment) set(d Details) {
	sh.OrderID = *d.OrderID
}

func (sh *Shipment) touch(now time.Time) {
	sh.UpdatedAt = now
	sh.Version++
}

func (d Details) check(c *fault.Checks) {
	c.Required("order_id", d.OrderID != nil)
}
