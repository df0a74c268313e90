package producttest

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"

	"github.com/acme/catalog/internal/decimals"
	"github.com/acme/catalog/internal/fault"
	"github.com/acme/catalog/internal/message"
	"github.com/acme/catalog/internal/product"
)

// Store keeps products in memory. It implements product.Store.
type Store struct {
	mu   sync.Mutex
	rows map[uuid.UUID]product.Product
	once map[string]answer
}

type answer struct {
	digest [32]byte
	result product.Product
}

// NewStore returns a store that holds the given products.
func NewStore(products ...product.Product) *Store {
	s := &Store{rows: map[uuid.UUID]product.Product{}, once: map[string]answer{}}
	for _, p := range products {
		s.rows[p.ID] = p
	}
	return s
}

// Create adds a product.
func (s *Store) Create(_ context.Context, p product.Product, unit message.Unit) (product.Product, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commit(unit, func() (product.Product, error) {
		return p, nil
	})
}

// Get returns a product or product.ErrNotFound.
func (s *Store) Get(_ context.Context, id uuid.UUID) (product.Product, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(id)
}

// List returns the products that match q, in q's order. It compares as text, so numbers sort as words do.
func (s *Store) List(_ context.Context, q product.Query) ([]product.Product, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []product.Product
	for _, p := range s.rows {
		if matches(q.Filter, p) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b product.Product) int {
		x, y := a.Position(q.SortBy), b.Position(q.SortBy)
		return cmp.Or(cmp.Compare(x.Value, y.Value), cmp.Compare(x.ID, y.ID))
	})
	if q.Descending {
		slices.Reverse(list)
	}
	if q.After != nil {
		last := slices.IndexFunc(list, func(p product.Product) bool {
			return p.ID.String() == q.After.ID
		})
		list = list[last+1:]
	}
	return list[:min(len(list), q.Limit)], nil
}

// Update lets change alter a product.
func (s *Store) Update(_ context.Context, id uuid.UUID, unit message.Unit, change func(*product.Product) error) (product.Product, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commit(unit, func() (product.Product, error) {
		p, err := s.find(id)
		if err != nil {
			return product.Product{}, err
		}
		err = change(&p)
		return p, err
	})
}

// Delete removes a product.
func (s *Store) Delete(_ context.Context, id uuid.UUID, check func(*product.Product) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.find(id)
	if err != nil {
		return err
	}
	if err := check(&p); err != nil {
		return err
	}
	delete(s.rows, id)
	return nil
}

func (s *Store) find(id uuid.UUID) (product.Product, error) {
	p, ok := s.rows[id]
	if !ok {
		return product.Product{}, product.ErrNotFound
	}
	return p, nil
}

func (s *Store) commit(unit message.Unit, effect func() (product.Product, error)) (product.Product, error) {
	if first, ok := s.once[unit.Once]; ok && unit.IsOnce() {
		if first.digest != unit.Digest {
			return product.Product{}, fault.New(fault.Reused, "the idempotency key was used with another request")
		}
		return first.result, nil
	}
	p, err := effect()
	if err != nil {
		return product.Product{}, err
	}
	if err := s.taken(p); err != nil {
		return product.Product{}, err
	}
	s.rows[p.ID] = p
	s.once[unit.Once] = answer{digest: unit.Digest, result: p}
	return p, nil
}

// taken returns the refusal of a unique value that another product has.
func (s *Store) taken(p product.Product) error {
	for id, other := range s.rows {
		if id == p.ID {
			continue
		}
		if fault.Same(&p.Sku, &other.Sku) {
			return product.ErrSkuTaken
		}
	}
	return nil
}

func matches(f product.Filter, p product.Product) bool {
	switch {
	case f.Sku != nil && !fault.Same(f.Sku, &p.Sku):
		return false
	case f.Price != nil && !decimals.Same(f.Price, &p.Price):
		return false
	default:
		return true
	}
}
