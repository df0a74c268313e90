package taskqueue

import (
	"fmt"
	"log/slog"
)

// logAdapter writes what Asynq has to say about itself into the service's log. What concerns one task is logged by this
// package, with its trace.
type logAdapter struct {
	log *slog.Logger
}

// Debug drops the message: Asynq tells each look into an empty queue.
func (logAdapter) Debug(...any) {}

// Info logs what Asynq does.
func (a logAdapter) Info(args ...any) {
	a.log.Info("asynq reports", "asynq.message", fmt.Sprint(args...))
}

// Warn logs what Asynq will try again, or this package has said better.
func (a logAdapter) Warn(args ...any) { a.Info(args...) }

// Error logs what Asynq could not do.
func (a logAdapter) Error(args ...any) {
	a.log.Error("asynq reports", "asynq.message", fmt.Sprint(args...))
}

// Fatal logs like Error: only the service itself ends the process.
func (a logAdapter) Fatal(args ...any) { a.Error(args...) }
