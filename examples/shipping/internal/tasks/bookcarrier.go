package tasks

import (
	"context"

	"github.com/acme/shipping/internal/fault"
	"github.com/acme/shipping/internal/message"
	"github.com/acme/shipping/internal/platform/taskqueue"
	"github.com/acme/shipping/internal/shipment"
)

// bookCarrier books the carrier of the shipment that it names. One that is gone, or was given up, ends the task.
func (h handlers) bookCarrier(ctx context.Context, task taskqueue.Task[message.BookCarrier]) error {
	sh, err := h.use.Shipments.Book(ctx, task.Payload.ShipmentID, shipment.AnyVersion, task.Unit())
	if err != nil {
		return err
	}
	h.log.InfoContext(ctx, "carrier booked", "shipment.id", sh.ID.String(), "order.id", sh.OrderID.String())
	return nil
}

// undoBookCarrier undoes what led to a task book-carrier that has failed for good: Abort on its shipment. It is called until it
// returns nil. When the shipment is gone, or in a state that does not allow it, there is nothing left to undo.
func (h handlers) undoBookCarrier(ctx context.Context, task taskqueue.Task[message.BookCarrier]) error {
	_, err := h.use.Shipments.Abort(ctx, task.Payload.ShipmentID, shipment.AnyVersion, task.Unit())
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.WrongState {
		h.log.InfoContext(ctx, "nothing is left to undo", "task.name", task.Name, "task.id", task.ID, "reason", err.Error())
		return nil
	}
	return err
}
