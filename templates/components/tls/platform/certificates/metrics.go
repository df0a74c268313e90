package certificates

import (
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics are what an operator alerts on: when something ends, and whether changes arrive.
type metrics struct {
	changed, failed prometheus.Counter
	begun, accepted prometheus.Counter
}

// newMetrics registers the metrics of the bundle that current returns.
func newMetrics(registerer prometheus.Registerer, current func() *bundle) (*metrics, error) {
	reloads := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "tls_reloads_total",
		Help: "Changes of the certificate files that were taken over, and readings that found files which cannot be used.",
	}, []string{"outcome"})
	handshakes := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "tls_server_handshakes_total",
		Help: "TLS handshakes that clients began, and those of them that ended with an accepted client.",
	}, []string{"stage"})
	m := &metrics{
		changed:  reloads.WithLabelValues("changed"),
		failed:   reloads.WithLabelValues("failed"),
		begun:    handshakes.WithLabelValues("begun"),
		accepted: handshakes.WithLabelValues("accepted"),
	}
	return m, errors.Join(
		registerer.Register(reloads),
		registerer.Register(handshakes),
		registerer.Register(expiry("own", func() time.Time { return current().own.Leaf.NotAfter })),
		registerer.Register(expiry("authority", func() time.Time { return current().authoritiesEnd })),
	)
}

// expiry is the time that is left until a certificate ends.
func expiry(certificate string, end func() time.Time) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name:        "tls_certificate_expiry_seconds",
		Help:        "Seconds until the certificate ends: the service's own, and the last of the authorities that it trusts.",
		ConstLabels: prometheus.Labels{"certificate": certificate},
	}, func() float64 { return time.Until(end()).Seconds() })
}
