package integration_test

import (
	"testing"
	"time"

	"github.com/acme/shipping/internal/message"
	"github.com/acme/shipping/internal/platform/mysqloutbox"
	"github.com/acme/shipping/internal/platform/mysqltest"
	"github.com/acme/shipping/internal/shipment/shipmenttest"
	"github.com/acme/shipping/internal/store"
	"github.com/acme/shipping/migrations"
)

// A task is run once for a shipment that was committed, also when it is sent again because the relay died after it had sent
// it, and never for one that was not.
func TestTasksOfShipments(t *testing.T) {
	db := mysqltest.Open(t, migrations.Files)
	source := &forgetful{Source: mysqloutbox.New(db, message.Task)}
	ran := runTasks(t, source)
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

	source.awaitSecondNote(t)
	later := newProbe()
	ran.send(t, later)
	ran.await(t, later)
	if got := ran.times(committed); got != 1 {
		t.Errorf("the task was run %d times, want once", got)
	}
	if got := ran.times(refused); got != 0 {
		t.Errorf("the task of a shipment that was not committed was run %d times", got)
	}
}
