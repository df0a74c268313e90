package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/mysqldb"
)

const orderColumns = "`id`, `customer_id`, `product_id`, `email`, `state`, `total`, `note`, `created_at`, `updated_at`, `version`"

func scanOrder(row mysqldb.Row) (order.Order, error) {
	var o order.Order
	err := row.Scan(
		&o.ID,
		&o.CustomerID,
		&o.ProductID,
		&o.Email,
		&o.State,
		&o.Total,
		&o.Note,
		&o.CreatedAt,
		&o.UpdatedAt,
		&o.Version,
	)
	return o, err
}

func insertOrder(ctx context.Context, tx *sql.Tx, o order.Order) error {
	const query = "INSERT INTO `orders` (`id`, `customer_id`, `product_id`, `email`, `state`, `total`, `note`, `created_at`, `updated_at`, `version`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	_, err := tx.ExecContext(ctx, query,
		o.ID[:],
		o.CustomerID[:],
		mysqldb.UUID(o.ProductID),
		o.Email,
		o.State,
		o.Total,
		o.Note,
		o.CreatedAt,
		o.UpdatedAt,
		o.Version,
	)
	if err != nil {
		return fmt.Errorf("insert order %s: %w", o.ID, err)
	}
	return nil
}

func updateOrder(ctx context.Context, tx *sql.Tx, o order.Order) error {
	const query = "UPDATE `orders` SET `email` = ?, `state` = ?, `total` = ?, `note` = ?, `updated_at` = ?, `version` = ? WHERE `id` = ?"
	_, err := tx.ExecContext(ctx, query,
		o.Email,
		o.State,
		o.Total,
		o.Note,
		o.UpdatedAt,
		o.Version,
		o.ID[:],
	)
	if err != nil {
		return fmt.Errorf("update order %s: %w", o.ID, err)
	}
	return nil
}

func orderColumn(key order.SortKey) mysqldb.Column {
	switch key {
	case order.SortByUpdatedAt:
		return mysqldb.Column{Name: "`updated_at`", Param: "?"}
	case order.SortByCustomerID:
		return mysqldb.Column{Name: "`customer_id`", Param: "?"}
	default:
		return mysqldb.Column{Name: "`created_at`", Param: "?"}
	}
}

// orderAfter reads a position that order.Position wrote, as arguments for the key's column and the id.
func orderAfter(key order.SortKey, after order.Position) (value any, id uuid.UUID, err error) {
	switch key {
	case order.SortByCustomerID:
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
