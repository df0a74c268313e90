package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/acme/shipping/internal/fault"
	"github.com/acme/shipping/internal/message"
	"github.com/acme/shipping/internal/platform/mysqldb"
	"github.com/acme/shipping/internal/shipment"
)

// Shipments keeps shipments. It implements shipment.Store.
type Shipments struct {
	db *mysqldb.DB
}

// NewShipments returns the shipments in db.
func NewShipments(db *mysqldb.DB) *Shipments {
	return &Shipments{db: db}
}

// Create adds a shipment, or returns what was created under unit's once-key before.
func (s *Shipments) Create(ctx context.Context, sh shipment.Shipment, unit message.Unit) (shipment.Shipment, error) {
	return mysqldb.Once(ctx, s.db, unit, func(ctx context.Context, tx *sql.Tx) (shipment.Shipment, error) {
		return sh, insertShipment(ctx, tx, sh)
	})
}

// Get returns one shipment, or shipment.ErrNotFound.
func (s *Shipments) Get(ctx context.Context, id uuid.UUID) (shipment.Shipment, error) {
	return selectShipment(ctx, s.db, "WHERE `id` = ?", id)
}

// List returns at most q.Limit shipments.
func (s *Shipments) List(ctx context.Context, q shipment.Query) ([]shipment.Shipment, error) {
	page := mysqldb.Select{
		Columns:    shipmentColumns,
		Table:      "`shipments`",
		SortBy:     shipmentColumn(q.SortBy),
		Descending: q.Descending,
		Limit:      q.Limit,
	}
	if q.Filter.OrderID != nil {
		page.Where("`order_id` = ?", q.Filter.OrderID[:])
	}
	if q.After != nil {
		value, id, err := shipmentAfter(q.SortBy, *q.After)
		if err != nil {
			return nil, fault.Field(fault.Malformed, "page_token", "token", "is not a token of this list")
		}
		page.After(value, id)
	}
	query, args := page.Query()
	shipments, err := mysqldb.Collect(ctx, s.db, query, args, scanShipment)
	if err != nil {
		return nil, fmt.Errorf("list shipments: %w", err)
	}
	return shipments, nil
}

// Update lets change alter a shipment under a lock and commits the messages that it returns, or returns the result
// under unit's once-key.
func (s *Shipments) Update(ctx context.Context, id uuid.UUID, unit message.Unit, change func(*shipment.Shipment) ([]message.Message, error)) (shipment.Shipment, error) {
	return mysqldb.Once(ctx, s.db, unit, func(ctx context.Context, tx *sql.Tx) (shipment.Shipment, error) {
		sh, err := selectShipment(ctx, tx, "WHERE `id` = ? FOR UPDATE", id)
		if err != nil {
			return shipment.Shipment{}, err
		}
		messages, err := change(&sh)
		if err != nil {
			return shipment.Shipment{}, err
		}
		if err := updateShipment(ctx, tx, sh); err != nil {
			return shipment.Shipment{}, err
		}
		return sh, mysqldb.Send(ctx, tx, messages...)
	})
}

func selectShipment(ctx context.Context, q mysqldb.Querier, where string, id uuid.UUID) (shipment.Shipment, error) {
	sh, err := scanShipment(q.QueryRowContext(ctx, "SELECT "+shipmentColumns+" FROM `shipments` "+where, id[:]))
	if errors.Is(err, sql.ErrNoRows) {
		return shipment.Shipment{}, shipment.ErrNotFound
	}
	if err != nil {
		return shipment.Shipment{}, fmt.Errorf("load shipment %s: %w", id, err)
	}
	return sh, nil
}
