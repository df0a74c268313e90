package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/acme/shipping/internal/platform/mysqldb"
	"github.com/acme/shipping/internal/shipment"
)

const shipmentColumns = "`id`, `order_id`, `state`, `created_at`, `updated_at`, `version`"

func scanShipment(row mysqldb.Row) (shipment.Shipment, error) {
	var sh shipment.Shipment
	err := row.Scan(
		&sh.ID,
		&sh.OrderID,
		&sh.State,
		&sh.CreatedAt,
		&sh.UpdatedAt,
		&sh.Version,
	)
	return sh, err
}

func insertShipment(ctx context.Context, tx *sql.Tx, sh shipment.Shipment) error {
	const query = "INSERT INTO `shipments` (`id`, `order_id`, `state`, `created_at`, `updated_at`, `version`) VALUES (?, ?, ?, ?, ?, ?)"
	_, err := tx.ExecContext(ctx, query,
		sh.ID[:],
		sh.OrderID[:],
		sh.State,
		sh.CreatedAt,
		sh.UpdatedAt,
		sh.Version,
	)
	if mysqldb.IsDuplicate(err) {
		return shipmentTaken(ctx, tx, sh)
	}
	if err != nil {
		return fmt.Errorf("insert shipment %s: %w", sh.ID, err)
	}
	return nil
}

func updateShipment(ctx context.Context, tx *sql.Tx, sh shipment.Shipment) error {
	const query = "UPDATE `shipments` SET `state` = ?, `updated_at` = ?, `version` = ? WHERE `id` = ?"
	_, err := tx.ExecContext(ctx, query,
		sh.State,
		sh.UpdatedAt,
		sh.Version,
		sh.ID[:],
	)
	if mysqldb.IsDuplicate(err) {
		return shipmentTaken(ctx, tx, sh)
	}
	if err != nil {
		return fmt.Errorf("update shipment %s: %w", sh.ID, err)
	}
	return nil
}

// shipmentTaken finds out which unique value of sh another shipment has: the server's message names it in a
// form of its own, and together with the value.
func shipmentTaken(ctx context.Context, tx *sql.Tx, sh shipment.Shipment) error {
	var orderID bool
	const query = "SELECT EXISTS(SELECT 1 FROM `shipments` WHERE `order_id` = ? AND `id` <> ?)"
	err := tx.QueryRowContext(ctx, query,
		sh.OrderID[:], sh.ID[:],
	).Scan(&orderID)
	switch {
	case err != nil:
		return fmt.Errorf("find the unique value of shipment %s that is taken: %w", sh.ID, err)
	case orderID:
		return shipment.ErrOrderIDTaken
	default:
		return mysqldb.ErrRetry
	}
}

func shipmentColumn(key shipment.SortKey) mysqldb.Column {
	switch key {
	case shipment.SortByUpdatedAt:
		return mysqldb.Column{Name: "`updated_at`", Param: "?"}
	case shipment.SortByOrderID:
		return mysqldb.Column{Name: "`order_id`", Param: "?"}
	default:
		return mysqldb.Column{Name: "`created_at`", Param: "?"}
	}
}

// shipmentAfter reads a position that shipment.Position wrote, as arguments for the key's column and the id.
func shipmentAfter(key shipment.SortKey, after shipment.Position) (value any, id uuid.UUID, err error) {
	switch key {
	case shipment.SortByOrderID:
		value, err = mysqldb.ParseUUID(after.Value)
	default:
		value, err = time.Parse(time.RFC3339Nano, after.Value)
	}
	if err != nil {
		return nil, id, err
	}
	id, err = uuid.Parse(after.ID)
	return value, id, err
}
