package tasks

import (
	"context"

	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/platform/taskqueue"
)

// sendReceipt does the task send-receipt for the order that it names. One that is gone ends the task: trying again would not
// bring it back. So far it finds the order and says so; what is to be done with it goes between the two.
func (h handlers) sendReceipt(ctx context.Context, task taskqueue.Task[message.SendReceipt]) error {
	o, err := h.use.Orders.Get(ctx, task.Payload.OrderID)
	if err != nil {
		return err
	}
	h.log.InfoContext(ctx, "task done", "task.name", task.Name, "task.id", task.ID,
		"order.id", o.ID.String(), "order.version", o.Version)
	return nil
}
