package integration_test

import (
	"testing"
	"time"

	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order/ordertest"
	"github.com/acme/orders/internal/platform/mysqloutbox"
	"github.com/acme/orders/internal/platform/mysqltest"
	"github.com/acme/orders/internal/store"
	"github.com/acme/orders/migrations"
)

// A task is run once for an order that was committed, also when it is sent again because the relay died after it had sent
// it, and never for one that was not.
func TestTasksOfOrders(t *testing.T) {
	db := mysqltest.Open(t, migrations.Files)
	source := &forgetful{Source: mysqloutbox.New(db, message.Task)}
	ran := runTasks(t, source)
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

	source.awaitSecondNote(t)
	later := newProbe()
	ran.send(t, later)
	ran.await(t, later)
	if got := ran.times(committed); got != 1 {
		t.Errorf("the task was run %d times, want once", got)
	}
	if got := ran.times(refused); got != 0 {
		t.Errorf("the task of an order that was not committed was run %d times", got)
	}
}
