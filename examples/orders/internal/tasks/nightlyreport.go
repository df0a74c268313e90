package tasks

import (
	"context"

	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/platform/taskqueue"
)

// nightlyReport does the task nightly-report at each tick of its schedule; the tick is in task.ID. So far it says so.
func (h handlers) nightlyReport(ctx context.Context, task taskqueue.Task[message.NightlyReport]) error {
	h.log.InfoContext(ctx, "task done", "task.name", task.Name, "task.id", task.ID)
	return nil
}
