package integration_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/acme/shipping/internal/message"
	"github.com/acme/shipping/internal/platform/mysqldb"
	"github.com/acme/shipping/internal/platform/mysqltest"
	"github.com/acme/shipping/internal/shipment/shipmenttest"
	"github.com/acme/shipping/internal/store"
	"github.com/acme/shipping/migrations"
)

// A task is run once for a shipment that was committed, also when it is sent again, and never for one that was not.
func TestTasksOfShipments(t *testing.T) {
	db := mysqltest.Open(t, migrations.Files)
	ran := runTasks(t, db)
	shipments := store.NewShipments(db)
	sh := shipmenttest.Shipment(time.Now().UTC().Truncate(time.Microsecond))

	committed, refused := newProbe(), newProbe()
	if _, err := shipments.Create(t.Context(), sh, message.Unit{Messages: []message.Message{committed}}); err != nil {
		t.Fatalf("Create: %v", err)
	}
	if _, err := shipments.Create(t.Context(), sh, message.Unit{Messages: []message.Message{refused}}); err == nil {
		t.Fatal("Create added a shipment under an id that is taken")
	}
	ran.await(t, committed)

	// As if the relay had died after it had sent the task, and before it had noted that.
	if _, err := db.ExecContext(t.Context(), "UPDATE `outbox` SET `sent_at` = NULL"); err != nil {
		t.Fatal(err)
	}
	later := newProbe()
	if err := db.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		return mysqldb.Send(ctx, tx, later)
	}); err != nil {
		t.Fatal(err)
	}
	ran.await(t, later)
	if got := ran.times(committed); got != 1 {
		t.Errorf("the task was run %d times, want once", got)
	}
	if got := ran.times(refused); got != 0 {
		t.Errorf("the task of a shipment that was not committed was run %d times", got)
	}
}
