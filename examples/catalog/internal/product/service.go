package product

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/acme/catalog/internal/message"
)

// Store keeps products. What it commits, it commits together with the given unit, or neither.
type Store interface {
	// Create adds p. When unit's once-key was used before, it adds nothing and returns what was created then.
	Create(ctx context.Context, p Product, unit message.Unit) (Product, error)
	// Get returns ErrNotFound when there is no such product.
	Get(ctx context.Context, id uuid.UUID) (Product, error)
	// List returns at most q.Limit products.
	List(ctx context.Context, q Query) ([]Product, error)
	// Update lets change alter the product and keeps the result; nothing is kept when change
	// fails. It may call change more than once, and not at all when unit's once-key was used before: it then returns the
	// result of that time.
	Update(ctx context.Context, id uuid.UUID, unit message.Unit, change func(*Product) error) (Product, error)
	// Delete removes the product unless check refuses.
	Delete(ctx context.Context, id uuid.UUID, check func(*Product) error) error
}

// AnyVersion stands for the current version, whichever it is.
const AnyVersion int64 = 0

// Service is the use cases on products. Every error it returns on purpose is a [*fault.Error].
type Service struct {
	store Store
	now   func() time.Time
}

// NewService returns the use cases on the products in store. The clock now gives UTC times.
func NewService(store Store, now func() time.Time) *Service {
	return &Service{store: store, now: now}
}

// Create adds a product with the given details.
func (s *Service) Create(ctx context.Context, d Details, unit message.Unit) (Product, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Product{}, fmt.Errorf("make a product id: %w", err)
	}
	p, err := New(id, d, s.clock())
	if err != nil {
		return Product{}, err
	}
	return s.store.Create(ctx, p, unit)
}

// Get returns one product, or ErrNotFound.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (Product, error) {
	return s.store.Get(ctx, id)
}

// List returns at most q.Limit products.
func (s *Service) List(ctx context.Context, q Query) ([]Product, error) {
	return s.store.List(ctx, q)
}

// Update lets edit alter the details of the product at the given version.
func (s *Service) Update(ctx context.Context, id uuid.UUID, version int64, edit func(*Details) error) (Product, error) {
	return s.store.Update(ctx, id, message.Unit{}, func(p *Product) error {
		if err := p.at(version); err != nil {
			return err
		}
		d := p.Details()
		if err := edit(&d); err != nil {
			return err
		}
		return p.Revise(d, s.clock())
	})
}

// Delete removes the product at the given version.
func (s *Service) Delete(ctx context.Context, id uuid.UUID, version int64) error {
	return s.store.Delete(ctx, id, func(p *Product) error {
		return p.at(version)
	})
}

// CountOrder notes an order of the product, once for each unit.
func (s *Service) CountOrder(ctx context.Context, id uuid.UUID, unit message.Unit) (Product, error) {
	return s.store.Update(ctx, id, unit, func(p *Product) error {
		p.CountOrder(s.clock())
		return nil
	})
}

// clock returns the time in the precision that stores keep.
func (s *Service) clock() time.Time {
	return s.now().Truncate(time.Microsecond)
}

func (p *Product) at(version int64) error {
	if version != AnyVersion && version != p.Version {
		return ErrStale
	}
	return nil
}
