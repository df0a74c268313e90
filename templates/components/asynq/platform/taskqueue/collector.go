package taskqueue

import (
	"slices"

	"github.com/hibiken/asynq"
	"github.com/prometheus/client_golang/prometheus"
)

// collector reads the queues' state from Redis when it is asked. Every worker reports the same queues: take the maximum
// over them, not the sum.
type collector struct {
	inspector *asynq.Inspector
	queues    []string
	tasks     *prometheus.Desc
	latency   *prometheus.Desc
}

func newCollector(inspector *asynq.Inspector, queues map[string]int) *collector {
	names := make([]string, 0, len(queues))
	for name := range queues {
		names = append(names, name)
	}
	slices.Sort(names)
	return &collector{
		inspector: inspector,
		queues:    names,
		tasks: prometheus.NewDesc("asynq_queue_tasks",
			"Tasks in a queue, by state. Archived ones have failed for good and wait for a person.", []string{"queue", "state"}, nil),
		latency: prometheus.NewDesc("asynq_queue_latency_seconds",
			"How long the oldest pending task has waited.", []string{"queue"}, nil),
	}
}

// Describe sends the descriptions of both metrics.
func (c *collector) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- c.tasks
	descriptions <- c.latency
}

// Collect sends the state of each queue. While Redis is away there is none, which dependency_up tells; the other metrics
// of the process are not held up by it.
func (c *collector) Collect(metrics chan<- prometheus.Metric) {
	existing, err := c.inspector.Queues()
	if err != nil {
		return
	}
	for _, queue := range c.queues {
		info := &asynq.QueueInfo{}
		if slices.Contains(existing, queue) { // else nothing was ever put into it
			if info, err = c.inspector.GetQueueInfo(queue); err != nil {
				return
			}
		}
		for state, count := range map[string]int{
			"pending": info.Pending, "active": info.Active, "scheduled": info.Scheduled,
			"retry": info.Retry, "archived": info.Archived, "completed": info.Completed,
		} {
			metrics <- prometheus.MustNewConstMetric(c.tasks, prometheus.GaugeValue, float64(count), queue, state)
		}
		metrics <- prometheus.MustNewConstMetric(c.latency, prometheus.GaugeValue, info.Latency.Seconds(), queue)
	}
}
