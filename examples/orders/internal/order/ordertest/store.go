package ordertest

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"

	"github.com/acme/orders/internal/fault"
	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
)

// Store keeps orders in memory. It implements order.Store.
type Store struct {
	mu   sync.Mutex
	rows map[uuid.UUID]order.Order
	once map[string]answer
	sent []message.Message
}

type answer struct {
	digest [32]byte
	result order.Order
}

// NewStore returns a store that holds the given orders.
func NewStore(orders ...order.Order) *Store {
	s := &Store{rows: map[uuid.UUID]order.Order{}, once: map[string]answer{}}
	for _, o := range orders {
		s.rows[o.ID] = o
	}
	return s
}

// Sent returns the messages that were committed, in order.
func (s *Store) Sent() []message.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// Create adds an order.
func (s *Store) Create(_ context.Context, o order.Order, unit message.Unit) (order.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commit(unit, func() (order.Order, []message.Message, error) {
		return o, nil, nil
	})
}

// Get returns an order or order.ErrNotFound.
func (s *Store) Get(_ context.Context, id uuid.UUID) (order.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(id)
}

// List returns the orders that match q, in q's order. It compares as text, so numbers sort as words do.
func (s *Store) List(_ context.Context, q order.Query) ([]order.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []order.Order
	for _, o := range s.rows {
		if matches(q.Filter, o) {
			list = append(list, o)
		}
	}
	slices.SortFunc(list, func(a, b order.Order) int {
		x, y := a.Position(q.SortBy), b.Position(q.SortBy)
		return cmp.Or(cmp.Compare(x.Value, y.Value), cmp.Compare(x.ID, y.ID))
	})
	if q.Descending {
		slices.Reverse(list)
	}
	if q.After != nil {
		last := slices.IndexFunc(list, func(o order.Order) bool {
			return o.ID.String() == q.After.ID
		})
		list = list[last+1:]
	}
	return list[:min(len(list), q.Limit)], nil
}

// Update lets change alter an order.
func (s *Store) Update(_ context.Context, id uuid.UUID, unit message.Unit, change func(*order.Order) ([]message.Message, error)) (order.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commit(unit, func() (order.Order, []message.Message, error) {
		o, err := s.find(id)
		if err != nil {
			return order.Order{}, nil, err
		}
		messages, err := change(&o)
		return o, messages, err
	})
}

// Delete removes an order.
func (s *Store) Delete(_ context.Context, id uuid.UUID, check func(*order.Order) ([]message.Message, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, err := s.find(id)
	if err != nil {
		return err
	}
	messages, err := check(&o)
	if err != nil {
		return err
	}
	s.sent = append(s.sent, messages...)
	delete(s.rows, id)
	return nil
}

func (s *Store) find(id uuid.UUID) (order.Order, error) {
	o, ok := s.rows[id]
	if !ok {
		return order.Order{}, order.ErrNotFound
	}
	return o, nil
}

func (s *Store) commit(unit message.Unit, effect func() (order.Order, []message.Message, error)) (order.Order, error) {
	if first, ok := s.once[unit.Once]; ok && unit.IsOnce() {
		if first.digest != unit.Digest {
			return order.Order{}, fault.New(fault.Reused, "the idempotency key was used with another request")
		}
		return first.result, nil
	}
	o, messages, err := effect()
	if err != nil {
		return order.Order{}, err
	}
	s.rows[o.ID] = o
	s.sent = append(append(s.sent, unit.Messages...), messages...)
	s.once[unit.Once] = answer{digest: unit.Digest, result: o}
	return o, nil
}

func matches(f order.Filter, o order.Order) bool {
	switch {
	case f.CustomerID != nil && !fault.Same(f.CustomerID, &o.CustomerID):
		return false
	case f.ProductID != nil && !fault.Same(f.ProductID, o.ProductID):
		return false
	default:
		return true
	}
}
