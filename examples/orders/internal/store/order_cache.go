package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/cache"
)

// orderTTL is how long a copy of an order may be used.
const orderTTL = 5 * time.Minute

// OrderCache answers Get from copies of what another store has. All else goes to that store; it alone decides what may
// be changed. It implements order.Store.
type OrderCache struct {
	order.Store
	copies *cache.Values[order.Order]
}

// NewOrderCache returns a store that keeps copies of what inner has.
func NewOrderCache(inner order.Store, client *cache.Client) *OrderCache {
	return &OrderCache{
		Store:  inner,
		copies: cache.New[order.Order](client, cache.Spec{Name: "order", TTL: orderTTL, Absent: order.ErrNotFound}),
	}
}

// Get returns a copy of the order if there is one, and what the store has otherwise.
func (s *OrderCache) Get(ctx context.Context, id uuid.UUID) (order.Order, error) {
	return s.copies.Get(ctx, id, func(ctx context.Context) (order.Order, error) {
		return s.Store.Get(ctx, id)
	})
}

// Create adds an order, which may be known not to exist.
func (s *OrderCache) Create(ctx context.Context, o order.Order, unit message.Unit) (order.Order, error) {
	defer s.copies.Invalidate(ctx, o.ID)
	return s.Store.Create(ctx, o, unit)
}

// Update changes an order. Also when it fails the copy goes: the commit may have happened all the same, and a caller who
// was refused may have seen an old copy.
func (s *OrderCache) Update(ctx context.Context, id uuid.UUID, unit message.Unit, change func(*order.Order) ([]message.Message, error)) (order.Order, error) {
	defer s.copies.Invalidate(ctx, id)
	return s.Store.Update(ctx, id, unit, change)
}

// Delete removes an order, and its copy in any case.
func (s *OrderCache) Delete(ctx context.Context, id uuid.UUID, check func(*order.Order) ([]message.Message, error)) error {
	defer s.copies.Invalidate(ctx, id)
	return s.Store.Delete(ctx, id, check)
}
