package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/acme/orders/internal/fault"
	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/mysqldb"
)

// Orders keeps orders. It implements order.Store.
type Orders struct {
	// Admit decides whether one more order is taken, given how many are pending. Nil takes every order.
	Admit func(open int) error

	db *mysqldb.DB
}

// NewOrders returns the orders in db.
func NewOrders(db *mysqldb.DB) *Orders {
	return &Orders{db: db}
}

// Create adds an order, or returns what was created under unit's once-key before.
func (s *Orders) Create(ctx context.Context, o order.Order, unit message.Unit) (order.Order, error) {
	return mysqldb.Once(ctx, s.db, unit, func(ctx context.Context, tx *sql.Tx) (order.Order, error) {
		if err := s.admit(ctx, tx); err != nil {
			return order.Order{}, err
		}
		return o, insertOrder(ctx, tx, o)
	})
}

// admit counts without a lock: orders that are created at the same moment may each see room for one more.
func (s *Orders) admit(ctx context.Context, tx *sql.Tx) error {
	if s.Admit == nil {
		return nil
	}
	var open int
	const query = "SELECT COUNT(*) FROM `orders` WHERE `state` = 'pending'"
	if err := tx.QueryRowContext(ctx, query).Scan(&open); err != nil {
		return fmt.Errorf("count open orders: %w", err)
	}
	return s.Admit(open)
}

// Get returns one order, or order.ErrNotFound.
func (s *Orders) Get(ctx context.Context, id uuid.UUID) (order.Order, error) {
	return selectOrder(ctx, s.db, "WHERE `id` = ?", id)
}

// List returns at most q.Limit orders.
func (s *Orders) List(ctx context.Context, q order.Query) ([]order.Order, error) {
	page := mysqldb.Select{
		Columns:    orderColumns,
		Table:      "`orders`",
		SortBy:     orderColumn(q.SortBy),
		Descending: q.Descending,
		Limit:      q.Limit,
	}
	if q.Filter.CustomerID != nil {
		page.Where("`customer_id` = ?", q.Filter.CustomerID[:])
	}
	if q.Filter.ProductID != nil {
		page.Where("`product_id` = ?", q.Filter.ProductID[:])
	}
	if q.After != nil {
		value, id, err := orderAfter(q.SortBy, *q.After)
		if err != nil {
			return nil, fault.Field(fault.Malformed, "page_token", "token", "is not a token of this list")
		}
		page.After(value, id)
	}
	query, args := page.Query()
	orders, err := mysqldb.Collect(ctx, s.db, query, args, scanOrder)
	if err != nil {
		return nil, fmt.Errorf("list orders: %w", err)
	}
	return orders, nil
}

// Update lets change alter an order under a lock and commits the messages that it returns, or returns the result
// under unit's once-key.
func (s *Orders) Update(ctx context.Context, id uuid.UUID, unit message.Unit, change func(*order.Order) ([]message.Message, error)) (order.Order, error) {
	return mysqldb.Once(ctx, s.db, unit, func(ctx context.Context, tx *sql.Tx) (order.Order, error) {
		o, err := selectOrder(ctx, tx, "WHERE `id` = ? FOR UPDATE", id)
		if err != nil {
			return order.Order{}, err
		}
		messages, err := change(&o)
		if err != nil {
			return order.Order{}, err
		}
		if err := updateOrder(ctx, tx, o); err != nil {
			return order.Order{}, err
		}
		return o, mysqldb.Send(ctx, tx, messages...)
	})
}

// Delete removes an order unless check refuses.
func (s *Orders) Delete(ctx context.Context, id uuid.UUID, check func(*order.Order) ([]message.Message, error)) error {
	return s.db.Transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		o, err := selectOrder(ctx, tx, "WHERE `id` = ? FOR UPDATE", id)
		if err != nil {
			return err
		}
		messages, err := check(&o)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM `orders` WHERE `id` = ?", id[:]); err != nil {
			return fmt.Errorf("delete order %s: %w", id, err)
		}
		return mysqldb.Send(ctx, tx, messages...)
	})
}

func selectOrder(ctx context.Context, q mysqldb.Querier, where string, id uuid.UUID) (order.Order, error) {
	o, err := scanOrder(q.QueryRowContext(ctx, "SELECT "+orderColumns+" FROM `orders` "+where, id[:]))
	if errors.Is(err, sql.ErrNoRows) {
		return order.Order{}, order.ErrNotFound
	}
	if err != nil {
		return order.Order{}, fmt.Errorf("load order %s: %w", id, err)
	}
	return o, nil
}
