package kafka

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"

	"create-service/templates/service/platform/metrics"
)

// instruments are the series of one client, under the names of the OpenTelemetry semantic conventions where there is one.
type instruments struct {
	sent        *prometheus.HistogramVec
	handled     *prometheus.HistogramVec
	lag         *prometheus.GaugeVec
	lastSuccess *prometheus.GaugeVec
	waiting     *prometheus.GaugeVec
	retries     *prometheus.CounterVec
	deadLetters *prometheus.CounterVec
	unsettled   *prometheus.GaugeVec
}

func newInstruments() *instruments {
	of := prometheus.Labels{"messaging_system": "kafka"}
	consumer := []string{"messaging_consumer_group_name", "messaging_destination_name"}
	return &instruments{
		sent: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:        "messaging_client_operation_duration_seconds",
			Help:        "Time from handing an event or a dead letter to the client to the brokers' acknowledgement.",
			ConstLabels: of,
			Buckets:     metrics.DurationBuckets(0),
		}, []string{"messaging_operation_name", "messaging_destination_name", "error_type"}),
		handled: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:        "messaging_process_duration_seconds",
			Help:        "Time that the handler of a consumer took for one event.",
			ConstLabels: of,
			Buckets:     metrics.DurationBuckets(0),
		}, append(consumer, "error_type")),
		lag: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name:        "messaging_consumer_lag_records",
			Help:        "Records of the topic that the whole group has not committed. Every process reports it: take the maximum, not the sum.",
			ConstLabels: of,
		}, consumer),
		lastSuccess: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name:        "messaging_consumer_last_success_timestamp_seconds",
			Help:        "When the consumer last handled an event.",
			ConstLabels: of,
		}, consumer),
		waiting: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name:        "messaging_consumer_waiting_partitions",
			Help:        "Partitions that wait before they try a record again.",
			ConstLabels: of,
		}, consumer),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name:        "messaging_consumer_retries_total",
			Help:        "Failures after which a record was, or will be, tried again.",
			ConstLabels: of,
		}, append(consumer, "error_type")),
		deadLetters: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name:        "messaging_consumer_dead_letters_total",
			Help:        "Records that went to the dead-letter topic.",
			ConstLabels: of,
		}, append(consumer, "error_type")),
		unsettled: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name:        "messaging_consumer_dead_letters_waiting",
			Help:        "Dead letters that no replay has taken up. Every process reports it: take the maximum, not the sum.",
			ConstLabels: of,
		}, consumer),
	}
}

func (i *instruments) collectors() []prometheus.Collector {
	return []prometheus.Collector{i.sent, i.handled, i.lag, i.lastSuccess, i.waiting, i.retries, i.deadLetters, i.unsettled}
}

// register registers all collectors or none, and returns what takes them back.
func register(registry prometheus.Registerer, all []prometheus.Collector) (unregister func(), err error) {
	for i, collector := range all {
		if err := registry.Register(collector); err != nil {
			unregisterAll(registry, all[:i])
			return nil, fmt.Errorf("register metrics of kafka: %w", err)
		}
	}
	return func() { unregisterAll(registry, all) }, nil
}

func unregisterAll(registry prometheus.Registerer, all []prometheus.Collector) {
	for _, collector := range all {
		registry.Unregister(collector)
	}
}
