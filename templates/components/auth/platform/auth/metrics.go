package auth

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// instruments count what became of tokens and of fetches of keys. Every series is made beforehand: a token costs no
// look-up.
type instruments struct {
	cached, verified prometheus.Counter
	byReason         map[Reason]prometheus.Counter
	fetched, failed  prometheus.Counter
	all              []prometheus.Collector
}

func newInstruments(age, size func() float64) *instruments {
	verifications := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "auth_verifications_total",
		Help: "Calls by what became of their token: cached and verified were accepted, the others say why they were refused.",
	}, []string{"outcome"})
	fetches := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "auth_jwks_refreshes_total",
		Help: "Fetches of the issuer's keys.",
	}, []string{"outcome"})
	m := &instruments{
		cached:   verifications.WithLabelValues("cached"),
		verified: verifications.WithLabelValues("verified"),
		byReason: map[Reason]prometheus.Counter{},
		fetched:  fetches.WithLabelValues("ok"),
		failed:   fetches.WithLabelValues("error"),
		all: []prometheus.Collector{
			verifications,
			fetches,
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{
				Name: "auth_jwks_age_seconds",
				Help: "Time since the issuer's keys were last fetched, since the start when they never were.",
			}, age),
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{
				Name: "auth_cached_tokens",
				Help: "Verified tokens that are remembered.",
			}, size),
		},
	}
	for _, reason := range reasons() {
		m.byReason[reason] = verifications.WithLabelValues(string(reason))
	}
	return m
}

func (m *instruments) refused(reason Reason) { m.byReason[reason].Inc() }

func (m *instruments) register(registry prometheus.Registerer) error {
	for _, collector := range m.all {
		if err := registry.Register(collector); err != nil {
			return fmt.Errorf("register metrics: %w", err)
		}
	}
	return nil
}
