package store

import (
	"context"
	"database/sql"

	"github.com/acme/shipping/internal/message"
	"github.com/acme/shipping/internal/platform/mysqldb"
)

// Inbox remembers which events were handled. It implements events.Inbox.
type Inbox struct {
	db *mysqldb.DB
}

// NewInbox returns the inbox in db.
func NewInbox(db *mysqldb.DB) *Inbox {
	return &Inbox{db: db}
}

// Receive commits the once-key of unit, and nothing more. The second time it does nothing.
func (s *Inbox) Receive(ctx context.Context, unit message.Unit) error {
	_, err := mysqldb.Once(ctx, s.db, unit, func(context.Context, *sql.Tx) (bool, error) { return true, nil })
	return err
}
