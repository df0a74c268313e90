package taskqueue

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// Outcomes of sending.
const (
	sentNew    = "new"
	sentAgain  = "duplicate"
	sentFailed = "failed"
)

func newSentCounter() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "asynq_tasks_sent_total",
		Help: "Tasks that this process gave to Redis: new, duplicate (the id was there already) or failed.",
	}, []string{"queue", "task", "outcome"})
}

func newDurations() *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "asynq_task_duration_seconds",
		Help: "Time that attempts of tasks took, by what became of them.",
		// From a single statement to the longest timeouts that are usual.
		Buckets: []float64{0.005, 0.025, 0.1, 0.5, 1, 5, 10, 30, 60, 300},
	}, []string{"queue", "task", "outcome"})
}

func newDueTimes() *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "asynq_schedule_due_timestamp_seconds",
		Help: "When the next run of a task with a schedule is to be enqueued: in the past, it could not be. Every worker reports it: take the maximum.",
	}, []string{"task"})
}

// register registers all collectors or none, and returns what takes them back.
func register(registry prometheus.Registerer, all ...prometheus.Collector) (unregister func(), err error) {
	for i, collector := range all {
		if err := registry.Register(collector); err != nil {
			unregisterAll(registry, all[:i])
			return nil, fmt.Errorf("register metrics of tasks: %w", err)
		}
	}
	return func() { unregisterAll(registry, all) }, nil
}

func unregisterAll(registry prometheus.Registerer, all []prometheus.Collector) {
	for _, collector := range all {
		registry.Unregister(collector)
	}
}
