package cache

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"github.com/sony/gobreaker/v2"
)

// instruments are the series of all caches of a process.
type instruments struct {
	requests      *prometheus.CounterVec
	invalidations *prometheus.CounterVec
	loads         *prometheus.HistogramVec
	commands      *prometheus.HistogramVec
}

// kind is the series of one cache.
type kind struct {
	hits, absentHits, misses, failed, bypassed prometheus.Counter
	invalidated, postponed                     prometheus.Counter
	loads                                      prometheus.Observer
}

func newInstruments() *instruments {
	return &instruments{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "cache_requests_total",
			Help: "Reads through a cache: hit, absent (known not to exist), miss, error (Redis failed) or bypass (Redis was not asked).",
		}, []string{"cache", "outcome"}),
		invalidations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "cache_invalidations_total",
			Help: "Invalidations: done, or postponed until Redis can be reached.",
		}, []string{"cache", "outcome"}),
		loads: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "cache_load_duration_seconds",
			Help:    "Time that the store took for what was not in the cache.",
			Buckets: []float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10},
		}, []string{"cache"}),
		// One metric for all kinds of databases: name, help and labels are as theirs.
		commands: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:        "db_client_operation_duration_seconds",
			Help:        "Time from sending a statement to the first byte of its answer.",
			ConstLabels: prometheus.Labels{"db_system_name": "redis"},
			// The conventions' buckets for db.client.operation.duration.
			Buckets: []float64{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10},
		}, []string{"db_operation_name", "error_type"}),
	}
}

func (i *instruments) collectors() []prometheus.Collector {
	return []prometheus.Collector{i.requests, i.invalidations, i.loads, i.commands}
}

// kind returns the series of the cache of that name.
func (i *instruments) kind(name string) *kind {
	return &kind{
		hits:        i.requests.WithLabelValues(name, "hit"),
		absentHits:  i.requests.WithLabelValues(name, "absent"),
		misses:      i.requests.WithLabelValues(name, "miss"),
		failed:      i.requests.WithLabelValues(name, "error"),
		bypassed:    i.requests.WithLabelValues(name, "bypass"),
		invalidated: i.invalidations.WithLabelValues(name, "done"),
		postponed:   i.invalidations.WithLabelValues(name, "postponed"),
		loads:       i.loads.WithLabelValues(name),
	}
}

// stateCollector reports what is so now.
type stateCollector struct {
	client                                           *Client
	breaker, unsettled, connections, waits, timeouts *prometheus.Desc
}

func newStateCollector(c *Client) *stateCollector {
	describe := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return &stateCollector{
		client:      c,
		breaker:     describe("cache_breaker_state", "Whether Redis is used: 0 yes, 1 it is probed, 2 no."),
		unsettled:   describe("cache_invalidations_pending", "Invalidations that have not reached Redis yet."),
		connections: describe("cache_pool_connections", "Connections to Redis.", "state"),
		waits:       describe("cache_pool_waits_total", "Commands that waited for a connection."),
		timeouts:    describe("cache_pool_timeouts_total", "Commands that waited for a connection in vain."),
	}
}

// Describe names the metrics.
func (s *stateCollector) Describe(to chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{s.breaker, s.unsettled, s.connections, s.waits, s.timeouts} {
		to <- desc
	}
}

// Collect reads their values.
func (s *stateCollector) Collect(to chan<- prometheus.Metric) {
	pool := s.client.redis.PoolStats()
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	gauge(s.breaker, state(s.client.breaker.State()))
	gauge(s.unsettled, float64(s.client.unsettled.size.Load()))
	gauge(s.connections, float64(pool.IdleConns), "idle")
	gauge(s.connections, float64(used(pool)), "used")
	to <- prometheus.MustNewConstMetric(s.waits, prometheus.CounterValue, float64(pool.WaitCount))
	to <- prometheus.MustNewConstMetric(s.timeouts, prometheus.CounterValue, float64(pool.Timeouts))
}

func state(s gobreaker.State) float64 {
	switch s {
	case gobreaker.StateClosed:
		return 0
	case gobreaker.StateHalfOpen:
		return 1
	default:
		return 2
	}
}

// used is how many connections are neither idle nor being discarded; the pool counts one after the other.
func used(pool *redis.PoolStats) uint32 {
	if pool.IdleConns > pool.TotalConns {
		return 0
	}
	return pool.TotalConns - pool.IdleConns
}

// register registers all collectors or none, and returns what takes them back.
func register(registry prometheus.Registerer, all ...prometheus.Collector) (unregister func(), err error) {
	for i, collector := range all {
		if err := registry.Register(collector); err != nil {
			unregisterAll(registry, all[:i])
			return nil, fmt.Errorf("register metrics of the cache: %w", err)
		}
	}
	return func() { unregisterAll(registry, all) }, nil
}

func unregisterAll(registry prometheus.Registerer, all []prometheus.Collector) {
	for _, collector := range all {
		registry.Unregister(collector)
	}
}
