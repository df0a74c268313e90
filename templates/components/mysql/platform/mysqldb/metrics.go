package mysqldb

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"create-service/templates/service/platform/metrics"
)

// instruments are the series of one database, under the names of the OpenTelemetry semantic conventions.
type instruments struct {
	durations *prometheus.HistogramVec
	retries   prometheus.Counter
}

func newInstruments() *instruments {
	return &instruments{
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:        "db_client_operation_duration_seconds",
			Help:        "Time from sending a statement to the first byte of its answer.",
			ConstLabels: prometheus.Labels{"db_system_name": "mysql"},
			// The conventions' buckets for db.client.operation.duration.
			Buckets: []float64{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10},
		}, []string{"db_operation_name", "error_type"}),
		retries: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "mysql_transaction_retries_total",
			Help: "Transactions that were run again after a deadlock, a lock wait or a changed row.",
		}),
	}
}

func (i *instruments) collectors() []prometheus.Collector {
	return []prometheus.Collector{i.durations, i.retries}
}

func (i *instruments) observe(ctx context.Context, operation, class string, took time.Duration) {
	metrics.Observe(ctx, i.durations.WithLabelValues(operation, class), took)
}

// register registers all collectors or none, and returns what takes them back.
func register(registry prometheus.Registerer, all []prometheus.Collector) (unregister func(), err error) {
	for i, collector := range all {
		if err := registry.Register(collector); err != nil {
			unregisterAll(registry, all[:i])
			return nil, fmt.Errorf("register metrics of mysql: %w", err)
		}
	}
	return func() { unregisterAll(registry, all) }, nil
}

func unregisterAll(registry prometheus.Registerer, all []prometheus.Collector) {
	for _, collector := range all {
		registry.Unregister(collector)
	}
}
