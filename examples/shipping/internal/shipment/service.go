package shipment

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/acme/shipping/internal/message"
)

// Store keeps shipments. What it commits, it commits together with the given unit, or neither.
type Store interface {
	// Create adds sh. When unit's once-key was used before, it adds nothing and returns what was created then.
	Create(ctx context.Context, sh Shipment, unit message.Unit) (Shipment, error)
	// Get returns ErrNotFound when there is no such shipment.
	Get(ctx context.Context, id uuid.UUID) (Shipment, error)
	// List returns at most q.Limit shipments.
	List(ctx context.Context, q Query) ([]Shipment, error)
	// Update lets change alter the shipment and keeps the result with the messages that change returns; nothing is kept when change
	// fails. It may call change more than once, and not at all when unit's once-key was used before: it then returns the
	// result of that time.
	Update(ctx context.Context, id uuid.UUID, unit message.Unit, change func(*Shipment) ([]message.Message, error)) (Shipment, error)
}

// AnyVersion stands for the current version, whichever it is.
const AnyVersion int64 = 0

// Service is the use cases on shipments. Every error it returns on purpose is a [*fault.Error].
type Service struct {
	store Store
	now   func() time.Time
}

// NewService returns the use cases on the shipments in store. The clock now gives UTC times.
func NewService(store Store, now func() time.Time) *Service {
	return &Service{store: store, now: now}
}

// Create adds a shipment with the given details, and has a carrier booked for it.
func (s *Service) Create(ctx context.Context, d Details, unit message.Unit) (Shipment, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Shipment{}, fmt.Errorf("make a shipment id: %w", err)
	}
	sh, err := New(id, d, s.clock())
	if err != nil {
		return Shipment{}, err
	}
	unit.Messages = append(unit.Messages, message.BookCarrier{ShipmentID: sh.ID}.Message())
	return s.store.Create(ctx, sh, unit)
}

// Get returns one shipment, or ErrNotFound.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (Shipment, error) {
	return s.store.Get(ctx, id)
}

// List returns at most q.Limit shipments.
func (s *Service) List(ctx context.Context, q Query) ([]Shipment, error) {
	return s.store.List(ctx, q)
}

// Book applies [Shipment.Book] to the shipment at the given version.
func (s *Service) Book(ctx context.Context, id uuid.UUID, version int64, unit message.Unit) (Shipment, error) {
	return s.act(ctx, id, version, unit, (*Shipment).Book)
}

// Abort applies [Shipment.Abort] to the shipment at the given version.
func (s *Service) Abort(ctx context.Context, id uuid.UUID, version int64, unit message.Unit) (Shipment, error) {
	return s.act(ctx, id, version, unit, (*Shipment).Abort)
}

func (s *Service) act(ctx context.Context, id uuid.UUID, version int64, unit message.Unit, action func(*Shipment, time.Time) error) (Shipment, error) {
	return s.store.Update(ctx, id, unit, func(sh *Shipment) ([]message.Message, error) {
		if err := sh.at(version); err != nil {
			return nil, err
		}
		return nil, action(sh, s.clock())
	})
}

// clock returns the time in the precision that stores keep.
func (s *Service) clock() time.Time {
	return s.now().Truncate(time.Microsecond)
}

func (sh *Shipment) at(version int64) error {
	if version != AnyVersion && version != sh.Version {
		return ErrStale
	}
	return nil
}
