package outbound

import (
	"errors"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sony/gobreaker/v2"
)

// PeerLabel is the label of every metric that says which service is called. It is OpenTelemetry's service.peer.name.
const PeerLabel = "service_peer_name"

// Reasons why a call is not made.
const (
	byBreaker  = "breaker"
	byDeadline = "deadline"
)

// peerMetrics is what is measured about a peer beside the durations, which are the protocols'.
type peerMetrics struct {
	retries        prometheus.Counter
	retriesRefused prometheus.Counter
	refused        *prometheus.CounterVec
}

func newPeerMetrics(name string, registry prometheus.Registerer, state func() gobreaker.State) (*peerMetrics, error) {
	retries, err := counters(registry, "outbound_retries_total", "Attempts after the first of a call.")
	if err != nil {
		return nil, err
	}
	retriesRefused, err := counters(registry, "outbound_retries_refused_total", "Retries that the budget did not allow.")
	if err != nil {
		return nil, err
	}
	refused, err := counters(registry, "outbound_calls_refused_total",
		"Calls that were not made, because the breaker is open or no time was left.", "reason")
	if err != nil {
		return nil, err
	}
	gauge := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name:        "outbound_breaker_state",
		Help:        "State of the breaker: 0 closed, 1 half open, 2 open.",
		ConstLabels: prometheus.Labels{PeerLabel: name},
	}, func() float64 { return breakerState(state()) })
	if err := registry.Register(gauge); err != nil {
		return nil, err
	}
	return &peerMetrics{
		retries:        retries.WithLabelValues(name),
		retriesRefused: retriesRefused.WithLabelValues(name),
		refused:        refused,
	}, nil
}

func counters(registry prometheus.Registerer, name, help string, labels ...string) (*prometheus.CounterVec, error) {
	all := append([]string{PeerLabel}, labels...)
	return Share(registry, prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, all))
}

// Share registers a metric that all peers have in common and returns the one to use: that of the first peer.
func Share[C prometheus.Collector](registry prometheus.Registerer, metric C) (C, error) {
	err := registry.Register(metric)
	var before prometheus.AlreadyRegisteredError
	if !errors.As(err, &before) {
		return metric, err
	}
	first, ok := before.ExistingCollector.(C)
	if !ok {
		return metric, fmt.Errorf("%T is registered already: %w", before.ExistingCollector, err)
	}
	return first, nil
}
