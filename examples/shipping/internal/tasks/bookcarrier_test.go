package tasks

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/acme/shipping/internal/message"
	"github.com/acme/shipping/internal/platform/taskqueue"
	"github.com/acme/shipping/internal/shipment"
	"github.com/acme/shipping/internal/shipment/shipmenttest"
)

func TestBookCarrier(t *testing.T) {
	sh := shipmenttest.Shipment(time.Now().UTC())
	store := shipmenttest.NewStore(sh)
	use := UseCases{Shipments: shipment.NewService(store, time.Now)}
	h := handlers{use: use, log: slog.New(slog.DiscardHandler)}
	task := taskqueue.Task[message.BookCarrier]{Name: "book-carrier", ID: "1"}
	task.Payload.ShipmentID = sh.ID
	for range 2 {
		if err := h.bookCarrier(t.Context(), task); err != nil {
			t.Errorf("error %v, want none", err)
		}
	}
	if got, err := use.Shipments.Get(t.Context(), sh.ID); err != nil || got.State != shipment.StateBooked || got.Version != 2 {
		t.Errorf("shipment %+v, %v; want it booked at version 2", got, err)
	}
	task.ID, task.Payload.ShipmentID = "2", uuid.New()
	if err := h.bookCarrier(t.Context(), task); !errors.Is(err, shipment.ErrNotFound) {
		t.Errorf("error %v for a shipment that is gone, want %v", err, shipment.ErrNotFound)
	}
}

func TestUndoBookCarrier(t *testing.T) {
	tests := []struct {
		name    string
		before  func(*shipment.Shipment)
		gone    bool
		version int64
	}{
		{
			name: "what can be undone",
			before: func(sh *shipment.Shipment) {
				sh.State = shipment.StatePending
			},
			version: 2,
		},
		{
			name: "nothing to undo in this state",
			before: func(sh *shipment.Shipment) {
				sh.State = shipment.StateBooked
			},
			version: 1,
		},
		{name: "nothing there", gone: true, version: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sh := shipmenttest.Shipment(time.Now().UTC())
			if tt.before != nil {
				tt.before(&sh)
			}
			store := shipmenttest.NewStore(sh)
			use := UseCases{Shipments: shipment.NewService(store, time.Now)}
			h := handlers{use: use, log: slog.New(slog.DiscardHandler)}
			task := taskqueue.Task[message.BookCarrier]{Name: "book-carrier", ID: "1"}
			task.Payload.ShipmentID = sh.ID
			if tt.gone {
				task.Payload.ShipmentID = uuid.New()
			}
			for range 2 {
				if err := h.undoBookCarrier(t.Context(), task); err != nil {
					t.Fatalf("error %v, want none", err)
				}
			}
			var version int64
			if _, err := store.Update(t.Context(), sh.ID, message.Unit{}, func(sh *shipment.Shipment) ([]message.Message, error) {
				version = sh.Version
				return nil, nil
			}); err != nil {
				t.Fatal(err)
			}
			if version != tt.version {
				t.Errorf("version %d after being undone twice, want %d", version, tt.version)
			}
		})
	}
}
