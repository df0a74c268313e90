package order

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/acme/orders/internal/message"
)

// Store keeps orders. What it commits, it commits together with the given unit, or neither.
type Store interface {
	// Create adds o. When unit's once-key was used before, it adds nothing and returns what was created then.
	Create(ctx context.Context, o Order, unit message.Unit) (Order, error)
	// Get returns ErrNotFound when there is no such order.
	Get(ctx context.Context, id uuid.UUID) (Order, error)
	// List returns at most q.Limit orders.
	List(ctx context.Context, q Query) ([]Order, error)
	// Update lets change alter the order and keeps the result with the messages that change returns; nothing is kept when change
	// fails. It may call change more than once, and not at all when unit's once-key was used before: it then returns the
	// result of that time.
	Update(ctx context.Context, id uuid.UUID, unit message.Unit, change func(*Order) ([]message.Message, error)) (Order, error)
	// Delete removes the order unless check refuses, and sends the messages that check returns.
	Delete(ctx context.Context, id uuid.UUID, check func(*Order) ([]message.Message, error)) error
}

// AnyVersion stands for the current version, whichever it is.
const AnyVersion int64 = 0

// AtMostOpen returns the rule that refuses a new order while so many others are open. Zero is no limit.
func AtMostOpen(limit int32) func(open int) error {
	return func(open int) error {
		if limit > 0 && open >= int(limit) {
			return ErrTooManyOpen
		}
		return nil
	}
}

// Service is the use cases on orders. Every error it returns on purpose is a [*fault.Error].
type Service struct {
	store    Store
	announce Announce
	now      func() time.Time
}

// Announce returns the event that tells others what happened to an order: "created", "updated", "deleted" or the name of an
// action, and the order as it is afterwards.
type Announce func(verb string, o Order) message.Message

// NewService returns the use cases on the orders in store, whose events announce makes. The clock now gives UTC
// times.
func NewService(store Store, announce Announce, now func() time.Time) *Service {
	return &Service{store: store, announce: announce, now: now}
}

// Create adds an order with the given details, sends its receipt and begins to wait for its payment.
func (s *Service) Create(ctx context.Context, d Details, unit message.Unit) (Order, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Order{}, fmt.Errorf("make an order id: %w", err)
	}
	o, err := New(id, d, s.clock())
	if err != nil {
		return Order{}, err
	}
	unit.Messages = append(unit.Messages,
		s.announce("created", o),
		message.SendReceipt{OrderID: o.ID}.Message(),
		message.AwaitPayment{OrderID: o.ID}.Message(),
	)
	return s.store.Create(ctx, o, unit)
}

// Get returns one order, or ErrNotFound.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (Order, error) {
	return s.store.Get(ctx, id)
}

// List returns at most q.Limit orders.
func (s *Service) List(ctx context.Context, q Query) ([]Order, error) {
	return s.store.List(ctx, q)
}

// Update lets edit alter the details of the order at the given version.
func (s *Service) Update(ctx context.Context, id uuid.UUID, version int64, edit func(*Details) error) (Order, error) {
	return s.store.Update(ctx, id, message.Unit{}, func(o *Order) ([]message.Message, error) {
		if err := o.at(version); err != nil {
			return nil, err
		}
		d := o.Details()
		if err := edit(&d); err != nil {
			return nil, err
		}
		if err := o.Revise(d, s.clock()); err != nil {
			return nil, err
		}
		return []message.Message{s.announce("updated", *o)}, nil
	})
}

// Delete removes the order at the given version.
func (s *Service) Delete(ctx context.Context, id uuid.UUID, version int64) error {
	return s.store.Delete(ctx, id, func(o *Order) ([]message.Message, error) {
		if err := o.at(version); err != nil {
			return nil, err
		}
		o.touch(s.clock())
		return []message.Message{s.announce("deleted", *o)}, nil
	})
}

// Pay applies [Order.Pay] to the order at the given version.
func (s *Service) Pay(ctx context.Context, id uuid.UUID, version int64, unit message.Unit) (Order, error) {
	return s.act(ctx, id, version, unit, "pay", (*Order).Pay)
}

// Cancel applies [Order.Cancel] to the order at the given version.
func (s *Service) Cancel(ctx context.Context, id uuid.UUID, version int64, unit message.Unit) (Order, error) {
	return s.act(ctx, id, version, unit, "cancel", (*Order).Cancel)
}

// Expire applies [Order.Expire] to the order.
func (s *Service) Expire(ctx context.Context, id uuid.UUID, unit message.Unit) (Order, error) {
	return s.act(ctx, id, AnyVersion, unit, "cancel", (*Order).Expire)
}

func (s *Service) act(ctx context.Context, id uuid.UUID, version int64, unit message.Unit, verb string, action func(*Order, time.Time) error) (Order, error) {
	return s.store.Update(ctx, id, unit, func(o *Order) ([]message.Message, error) {
		if err := o.at(version); err != nil {
			return nil, err
		}
		if err := action(o, s.clock()); err != nil {
			return nil, err
		}
		return []message.Message{s.announce(verb, *o)}, nil
	})
}

// clock returns the time in the precision that stores keep.
func (s *Service) clock() time.Time {
	return s.now().Truncate(time.Microsecond)
}

func (o *Order) at(version int64) error {
	if version != AnyVersion && version != o.Version {
		return ErrStale
	}
	return nil
}
