package relay

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"create-service/templates/service/kernel/message"
)

// instruments are the series of one relay.
type instruments struct {
	delivered prometheus.Counter
	failures  prometheus.Counter
	parkings  prometheus.Counter
	delay     prometheus.Histogram
	waiting   prometheus.Gauge
	parked    prometheus.Gauge
	active    prometheus.Gauge
	// oldest is when the oldest message that waits was committed; the zero time when none does.
	oldest atomic.Pointer[time.Time]
}

func newInstruments(store string, kind message.Kind, registry prometheus.Registerer) (*instruments, error) {
	labels := prometheus.Labels{"store": store, "kind": string(kind)}
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels})
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels})
	}
	i := &instruments{
		delivered: counter("outbox_delivered_total", "Messages that their receiver has confirmed."),
		failures:  counter("outbox_failures_total", "Messages that could not be sent and are tried again."),
		parkings:  counter("outbox_parkings_total", "Messages that were set aside because they can never be delivered."),
		delay: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:        "outbox_delay_seconds",
			Help:        "Time from the commit of a message to its delivery.",
			ConstLabels: labels,
			Buckets:     []float64{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600},
		}),
		waiting: gauge("outbox_waiting", "Messages that wait, as the relay that is active counts them."),
		parked:  gauge("outbox_parked", "Messages that were set aside and wait for a person."),
		active:  gauge("outbox_active", "Whether the relay of this process holds the lease and sends."),
	}
	age := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name:        "outbox_oldest_seconds",
		Help:        "Age of the oldest message that waits.",
		ConstLabels: labels,
	}, i.age)
	for _, collector := range []prometheus.Collector{i.delivered, i.failures, i.parkings, i.delay, i.waiting, age, i.parked, i.active} {
		if err := registry.Register(collector); err != nil {
			return nil, fmt.Errorf("register metrics: %w", err)
		}
	}
	return i, nil
}

func (i *instruments) sent(messages []Outgoing, now time.Time) {
	i.delivered.Add(float64(len(messages)))
	for _, m := range messages {
		i.delay.Observe(now.Sub(m.CommittedAt).Seconds())
	}
}

func (i *instruments) backlog(b Backlog) {
	i.waiting.Set(float64(b.Waiting))
	i.parked.Set(float64(b.Parked))
	i.oldest.Store(&b.Oldest)
}

// age goes on growing when nobody can count: the outbox itself may be away.
func (i *instruments) age() float64 {
	oldest := i.oldest.Load()
	if oldest == nil || oldest.IsZero() {
		return 0
	}
	return max(0, time.Since(*oldest).Seconds())
}
