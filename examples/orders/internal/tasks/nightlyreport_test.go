package tasks

import (
	"log/slog"
	"testing"

	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/platform/taskqueue"
)

func TestNightlyReport(t *testing.T) {
	h := handlers{log: slog.New(slog.DiscardHandler)}
	if err := h.nightlyReport(t.Context(), taskqueue.Task[message.NightlyReport]{Name: "nightly-report", ID: "1"}); err != nil {
		t.Errorf("error %v, want none", err)
	}
}
