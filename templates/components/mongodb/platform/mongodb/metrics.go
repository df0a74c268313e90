package mongodb

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/event"

	"create-service/templates/service/platform/metrics"
)

// instruments are the series of one database, under the names of the OpenTelemetry semantic conventions where there is
// one.
type instruments struct {
	durations *prometheus.HistogramVec
	conflicts prometheus.Counter

	open     prometheus.Gauge
	used     prometheus.Gauge
	most     prometheus.Gauge
	pending  prometheus.Gauge
	timeouts prometheus.Counter
	waits    prometheus.Histogram

	registry   prometheus.Registerer
	registered []prometheus.Collector
}

func newInstruments(cfg Config) *instruments {
	pool := prometheus.Labels{"db_client_connection_pool_name": cfg.Database}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: pool})
	}
	i := &instruments{
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:        "db_client_operation_duration_seconds",
			Help:        "Time from sending a statement to the first byte of its answer.",
			ConstLabels: prometheus.Labels{"db_system_name": "mongodb"},
			// The conventions' buckets for db.client.operation.duration.
			Buckets: []float64{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10},
		}, []string{"db_operation_name", "error_type"}),
		conflicts: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "mongodb_write_conflicts_total",
			Help: "Operations that began anew because somebody else had written the document.",
		}),
		open:    gauge("db_client_connections", "Connections that are open, in use and idle."),
		used:    gauge("db_client_connections_used", "Connections that are in use."),
		most:    gauge("db_client_connections_max", "Connections that may be open to each server."),
		pending: gauge("db_client_connection_pending_requests", "Operations that wait for a connection."),
		timeouts: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "db_client_connection_timeouts_total", Help: "Operations that got no connection.", ConstLabels: pool,
		}),
		waits: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "db_client_connection_wait_time_seconds", Help: "Time that operations waited for a connection.", ConstLabels: pool,
			Buckets: []float64{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10},
		}),
	}
	i.most.Set(float64(cfg.PoolSize))
	return i
}

func (i *instruments) observe(ctx context.Context, operation, class string, took time.Duration) {
	metrics.Observe(ctx, i.durations.WithLabelValues(operation, class), took)
}

// pool counts connections. They are ready and closed, and go out and come in again.
func (i *instruments) pool() *event.PoolMonitor {
	return &event.PoolMonitor{Event: func(e *event.PoolEvent) {
		switch e.Type {
		case event.ConnectionCreated:
			i.open.Inc()
		case event.ConnectionClosed:
			i.open.Dec()
		case event.ConnectionCheckOutStarted:
			i.pending.Inc()
		case event.ConnectionCheckOutFailed:
			i.pending.Dec()
			i.timeouts.Inc()
		case event.ConnectionCheckedOut:
			i.pending.Dec()
			i.used.Inc()
			i.waits.Observe(e.Duration.Seconds())
		case event.ConnectionCheckedIn:
			i.used.Dec()
		}
	}}
}

// register registers all collectors or none.
func (i *instruments) register(registry prometheus.Registerer) error {
	i.registry = registry
	all := []prometheus.Collector{i.durations, i.conflicts, i.open, i.used, i.most, i.pending, i.timeouts, i.waits}
	for _, collector := range all {
		if err := registry.Register(collector); err != nil {
			i.unregister()
			return fmt.Errorf("register metrics of mongodb: %w", err)
		}
		i.registered = append(i.registered, collector)
	}
	return nil
}

func (i *instruments) unregister() {
	for _, collector := range i.registered {
		i.registry.Unregister(collector)
	}
	i.registered = nil
}
