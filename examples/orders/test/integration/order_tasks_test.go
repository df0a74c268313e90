package integration_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order/ordertest"
	"github.com/acme/orders/internal/platform/mysqldb"
	"github.com/acme/orders/internal/platform/mysqltest"
	"github.com/acme/orders/internal/store"
	"github.com/acme/orders/migrations"
)

// A task is run once for an order that was committed, also when it is sent again, and never for one that was not.
func TestTasksOfOrders(t *testing.T) {
	db := mysqltest.Open(t, migrations.Files)
	ran := runTasks(t, db)
	orders := store.NewOrders(db)
	o := ordertest.Order(time.Now().UTC().Truncate(time.Microsecond))

	committed, refused := newProbe(), newProbe()
	if _, err := orders.Create(t.Context(), o, message.Unit{Messages: []message.Message{committed}}); err != nil {
		t.Fatalf("Create: %v", err)
	}
	if _, err := orders.Create(t.Context(), o, message.Unit{Messages: []message.Message{refused}}); err == nil {
		t.Fatal("Create added an order under an id that is taken")
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
		t.Errorf("the task of an order that was not committed was run %d times", got)
	}
}
