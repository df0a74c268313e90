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

	"github.com/acme/shipping/internal/platform/taskqueue"
	"github.com/acme/shipping/internal/shipment"
)

// UseCases are what the handlers call.
type UseCases struct {
	Shipments *shipment.Service
}

// Specs returns how each task is run: the facts of service.yaml.
func Specs() []taskqueue.Spec {
	return []taskqueue.Spec{
		{Name: "book-carrier", Queue: "critical", MaxRetry: 5, Timeout: 10 * time.Second, Compensated: true},
	}
}

// Handlers returns what runs the tasks of [Specs].
func Handlers(use UseCases, log *slog.Logger) []taskqueue.Handler {
	h := handlers{use: use, log: log}
	return []taskqueue.Handler{
		taskqueue.Saga("book-carrier", h.bookCarrier, h.undoBookCarrier),
	}
}

// handlers has a method for each task.
type handlers struct {
	use UseCases
	log *slog.Logger
}
