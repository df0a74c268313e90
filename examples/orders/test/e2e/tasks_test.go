package e2e_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/platform/config"
	"github.com/acme/orders/internal/platform/taskqueue"
	"github.com/acme/orders/internal/tasks"
)

// openTasks returns a client of the queues of the service under test.
func (s *service) openTasks(t *testing.T) *taskqueue.Client {
	t.Helper()
	var loaded struct{ Tasks taskqueue.Config }
	if err := config.Load(&loaded, s.environ); err != nil {
		t.Fatal(err)
	}
	queues, err := taskqueue.Open(t.Context(), loaded.Tasks, taskqueue.Deps{
		Registry:   prometheus.NewRegistry(),
		Tracing:    noop.NewTracerProvider(),
		Propagator: propagation.TraceContext{},
		Log:        slog.New(slog.DiscardHandler),
	}, tasks.Specs()...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := queues.Close(); err != nil {
			t.Error(err)
		}
	})
	return queues
}

func TestTasksAreRun(t *testing.T) {
	tests := []struct {
		task    message.Message
		outcome string
		// count is empty where the schedule may have run the task too.
		count string
	}{
		{
			message.SendReceipt{OrderID: uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001")}.Message(),
			"archived", "1\n",
		},
		{
			message.AwaitPayment{OrderID: uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001")}.Message(),
			"compensated", "1\n",
		},
		{
			message.NightlyReport{}.Message(),
			"done", "",
		},
	}
	s := start(t)
	queues := s.openTasks(t)
	for _, tt := range tests {
		// A second one with the same id changes nothing.
		if err := queues.Send(t.Context(), tt.task, tt.task); err != nil {
			t.Fatal(err)
		}
		labels := fmt.Sprintf("outcome=%q,queue=%q,task=%q", tt.outcome, tt.task.Topic, tt.task.Type)
		s.waitMetric(t, "asynq_task_duration_seconds_count{"+labels+"} "+tt.count)
	}
}

// waitMetric waits until the service reports a metric, a line with its labels and its value.
func (s *service) waitMetric(t *testing.T, line string) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if _, metrics := s.probe(t, "/metrics"); strings.Contains(metrics, line) {
			return
		}
	}
	t.Fatalf("the service did not report %s; it wrote:\n%s", line, s.output)
}
