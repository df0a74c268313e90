// Package tasks runs the work that the service gives itself for later: it takes a task's payload to the use cases.
//
// A task may run more than once: its worker can die before it has said that it is done. So a handler changes an
// aggregate through a use case under task.Unit(), which answers a repetition as the first time, and hands task.ID to
// others as the key by which they know a repetition. An error that is a fault for good (not found, wrong state, …) ends
// the task; after any other it is tried again.
package tasks

import (
	"log/slog"
	"time"

	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/taskqueue"
)

// UseCases are what the handlers call.
type UseCases struct {
	Orders *order.Service
}

// Specs returns how each task is run: the facts of service.yaml.
func Specs() []taskqueue.Spec {
	return []taskqueue.Spec{
		{Name: "send-receipt", Queue: "default", MaxRetry: 10, Timeout: 30 * time.Second},
		{Name: "await-payment", Queue: "default", MaxRetry: 3, Timeout: 10 * time.Second, Compensated: true},
		{Name: "nightly-report", Queue: "low", MaxRetry: 10, Timeout: 30 * time.Second, Cron: "0 3 * * *"},
	}
}

// Handlers returns what runs the tasks of [Specs].
func Handlers(use UseCases, log *slog.Logger) []taskqueue.Handler {
	h := handlers{use: use, log: log}
	return []taskqueue.Handler{
		taskqueue.Handle("send-receipt", h.sendReceipt),
		taskqueue.Saga("await-payment", h.awaitPayment, h.undoAwaitPayment),
		taskqueue.Handle("nightly-report", h.nightlyReport),
	}
}

// handlers has a method for each task.
type handlers struct {
	use UseCases
	log *slog.Logger
}
