// Package order holds orders: what they are, what may happen to them, and the use cases on them.
package order

import (
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/acme/orders/internal/decimals"
	"github.com/acme/orders/internal/fault"
)

// Order is one order as it is kept.
type Order struct {
	ID         uuid.UUID
	CustomerID uuid.UUID
	ProductID  *uuid.UUID
	Email      *string
	State      State
	Total      decimal.Decimal
	Note       *string
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Version    int64
}

// Details are what a client decides about an order. Nil means absent.
type Details struct {
	CustomerID *uuid.UUID
	ProductID  *uuid.UUID
	Email      *string
	Total      *decimal.Decimal
	Note       *string
}

// New returns a new order with the given details. Its error names every detail that breaks a rule.
func New(id uuid.UUID, d Details, now time.Time) (Order, error) {
	var c fault.Checks
	d.check(&c)
	if err := c.Err(); err != nil {
		return Order{}, err
	}
	o := Order{
		ID:        id,
		State:     StatePending,
		CreatedAt: now,
		UpdatedAt: now,
		Version:   1,
	}
	o.set(d)
	return o, nil
}

// Details returns what the client decided, as the start of a revision.
func (o *Order) Details() Details {
	return Details{
		CustomerID: new(o.CustomerID),
		ProductID:  o.ProductID,
		Email:      o.Email,
		Total:      new(o.Total),
		Note:       o.Note,
	}
}

// Revise replaces the details. Its error names every detail that breaks a rule.
func (o *Order) Revise(d Details, now time.Time) error {
	var c fault.Checks
	d.check(&c)
	c.Immutable("customer_id", !fault.Same(d.CustomerID, &o.CustomerID))
	c.Immutable("product_id", !fault.Same(d.ProductID, o.ProductID))
	if err := c.Err(); err != nil {
		return err
	}
	o.set(d)
	o.touch(now)
	return nil
}

// Pay sets state to paid. Before, state must be pending.
func (o *Order) Pay(now time.Time) error {
	if o.State != StatePending {
		return fault.New(fault.WrongState, "cannot pay: state must be pending")
	}
	o.State = StatePaid
	o.touch(now)
	return nil
}

// Cancel sets state to cancelled. Before, state must be pending or paid.
func (o *Order) Cancel(now time.Time) error {
	if o.State != StatePending && o.State != StatePaid {
		return fault.New(fault.WrongState, "cannot cancel: state must be pending or paid")
	}
	o.State = StateCancelled
	o.touch(now)
	return nil
}

// Expire cancels an order that nobody has paid.
func (o *Order) Expire(now time.Time) error {
	if o.State != StatePending {
		return fault.New(fault.WrongState, "cannot expire: state must be pending")
	}
	return o.Cancel(now)
}

func (o *Order) set(d Details) {
	o.CustomerID = *d.CustomerID
	o.ProductID = d.ProductID
	o.Email = d.Email
	o.Total = *d.Total
	o.Note = d.Note
}

func (o *Order) touch(now time.Time) {
	o.UpdatedAt = now
	o.Version++
}

func (d Details) check(c *fault.Checks) {
	c.Required("customer_id", d.CustomerID != nil)
	c.Length("email", d.Email, 0, 254)
	c.Required("total", d.Total != nil)
	decimals.Fit(c, "total", d.Total, 12, 2)
	decimals.AtLeast(c, "total", d.Total, "0")
	c.Bytes("note", d.Note, 65535)
}
