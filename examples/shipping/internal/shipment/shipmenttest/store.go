package shipmenttest

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"

	"github.com/acme/shipping/internal/fault"
	"github.com/acme/shipping/internal/message"
	"github.com/acme/shipping/internal/shipment"
)

// Store keeps shipments in memory. It implements shipment.Store.
type Store struct {
	mu   sync.Mutex
	rows map[uuid.UUID]shipment.Shipment
	once map[string]answer
	sent []message.Message
}

type answer struct {
	digest [32]byte
	result shipment.Shipment
}

// NewStore returns a store that holds the given shipments.
func NewStore(shipments ...shipment.Shipment) *Store {
	s := &Store{rows: map[uuid.UUID]shipment.Shipment{}, once: map[string]answer{}}
	for _, sh := range shipments {
		s.rows[sh.ID] = sh
	}
	return s
}

// Sent returns the messages that were committed, in order.
func (s *Store) Sent() []message.Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.sent)
}

// Create adds a shipment.
func (s *Store) Create(_ context.Context, sh shipment.Shipment, unit message.Unit) (shipment.Shipment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commit(unit, func() (shipment.Shipment, []message.Message, error) {
		return sh, nil, nil
	})
}

// Get returns a shipment or shipment.ErrNotFound.
func (s *Store) Get(_ context.Context, id uuid.UUID) (shipment.Shipment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.find(id)
}

// List returns the shipments that match q, in q's order. It compares as text, so numbers sort as words do.
func (s *Store) List(_ context.Context, q shipment.Query) ([]shipment.Shipment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []shipment.Shipment
	for _, sh := range s.rows {
		if matches(q.Filter, sh) {
			list = append(list, sh)
		}
	}
	slices.SortFunc(list, func(a, b shipment.Shipment) int {
		x, y := a.Position(q.SortBy), b.Position(q.SortBy)
		return cmp.Or(cmp.Compare(x.Value, y.Value), cmp.Compare(x.ID, y.ID))
	})
	if q.Descending {
		slices.Reverse(list)
	}
	if q.After != nil {
		last := slices.IndexFunc(list, func(sh shipment.Shipment) bool {
			return sh.ID.String() == q.After.ID
		})
		list = list[last+1:]
	}
	return list[:min(len(list), q.Limit)], nil
}

// Update lets change alter a shipment.
func (s *Store) Update(_ context.Context, id uuid.UUID, unit message.Unit, change func(*shipment.Shipment) ([]message.Message, error)) (shipment.Shipment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commit(unit, func() (shipment.Shipment, []message.Message, error) {
		sh, err := s.find(id)
		if err != nil {
			return shipment.Shipment{}, nil, err
		}
		messages, err := change(&sh)
		return sh, messages, err
	})
}

func (s *Store) find(id uuid.UUID) (shipment.Shipment, error) {
	sh, ok := s.rows[id]
	if !ok {
		return shipment.Shipment{}, shipment.ErrNotFound
	}
	return sh, nil
}

func (s *Store) commit(unit message.Unit, effect func() (shipment.Shipment, []message.Message, error)) (shipment.Shipment, error) {
	if first, ok := s.once[unit.Once]; ok && unit.IsOnce() {
		if first.digest != unit.Digest {
			return shipment.Shipment{}, fault.New(fault.Reused, "the idempotency key was used with another request")
		}
		return first.result, nil
	}
	sh, messages, err := effect()
	if err != nil {
		return shipment.Shipment{}, err
	}
	if err := s.taken(sh); err != nil {
		return shipment.Shipment{}, err
	}
	s.rows[sh.ID] = sh
	s.sent = append(append(s.sent, unit.Messages...), messages...)
	s.once[unit.Once] = answer{digest: unit.Digest, result: sh}
	return sh, nil
}

// taken returns the refusal of a unique value that another shipment has.
func (s *Store) taken(sh shipment.Shipment) error {
	for id, other := range s.rows {
		if id == sh.ID {
			continue
		}
		if fault.Same(&sh.OrderID, &other.OrderID) {
			return shipment.ErrOrderIDTaken
		}
	}
	return nil
}

func matches(f shipment.Filter, sh shipment.Shipment) bool {
	switch {
	case f.OrderID != nil && !fault.Same(f.OrderID, &sh.OrderID):
		return false
	default:
		return true
	}
}
