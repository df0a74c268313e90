package tasks

import (
	"context"

	"github.com/acme/orders/internal/fault"
	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/taskqueue"
)

// errUnpaid has the task tried again.
var errUnpaid = fault.New(fault.Unavailable, "the order is not paid yet")

// awaitPayment is done when the order that it names is not pending any more. Until then it fails: when that was the last
// time, the order is cancelled.
func (h handlers) awaitPayment(ctx context.Context, task taskqueue.Task[message.AwaitPayment]) error {
	o, err := h.use.Orders.Get(ctx, task.Payload.OrderID)
	if err != nil {
		return err
	}
	if o.State == order.StatePending {
		return errUnpaid
	}
	return nil
}

// undoAwaitPayment cancels an order that was not paid in time. It is called until it returns nil. When the order is gone, or
// paid after all, there is nothing left to undo.
func (h handlers) undoAwaitPayment(ctx context.Context, task taskqueue.Task[message.AwaitPayment]) error {
	_, err := h.use.Orders.Expire(ctx, task.Payload.OrderID, task.Unit())
	if kind := fault.KindOf(err); kind == fault.NotFound || kind == fault.WrongState {
		h.log.InfoContext(ctx, "nothing is left to undo", "task.name", task.Name, "task.id", task.ID, "reason", err.Error())
		return nil
	}
	return err
}
