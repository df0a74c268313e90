package auth_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"create-service/templates/components/auth/platform/auth"
	"create-service/templates/components/auth/platform/issuertest"
)

const audience = "orders"

// config holds the defaults, with fetches close together.
func config(issuer *issuertest.Issuer) auth.Config { return configOf(issuer.URL) }

// configOf is [config] of any issuer.
func configOf(issuer string) auth.Config {
	return auth.Config{
		Issuer:        issuer,
		Algorithms:    []string{"RS256", "ES256"},
		TokenTypes:    []string{"at+jwt", "JWT"},
		ClockSkew:     30 * time.Second,
		MaxTokenBytes: 8 << 10,
		CacheSize:     10000,
		CacheTTL:      5 * time.Minute,
		Refresh:       5 * time.Minute,
		MinInterval:   10 * time.Millisecond,
		Timeout:       3 * time.Second,
	}
}

// fixture is a verifier and what it reports to.
type fixture struct {
	*auth.Verifier
	registry *prometheus.Registry
}

func open(t testing.TB, cfg auth.Config) fixture {
	t.Helper()
	registry := prometheus.NewRegistry()
	d := deps()
	d.Registry = registry
	v, err := auth.Open(cfg, d)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(v.Close)
	return fixture{Verifier: v, registry: registry}
}

func deps() auth.Deps {
	return auth.Deps{Audience: audience, Registry: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler)}
}

// run refreshes keys in the background until the test ends.
func (f fixture) run(t testing.TB) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

// value is that of one series.
func (f fixture) value(t testing.TB, name, outcome string) float64 {
	t.Helper()
	families, err := f.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			labels := metric.GetLabel()
			if family.GetName() == name && (outcome == "" || len(labels) == 1 && labels[0].GetValue() == outcome) {
				return metric.GetCounter().GetValue() + metric.GetGauge().GetValue()
			}
		}
	}
	t.Fatalf("there is no series %s of %q", name, outcome)
	return 0
}

// reasonOf is why a token was refused; empty: it was not.
func reasonOf(t testing.TB, err error) auth.Reason {
	t.Helper()
	if err == nil {
		return ""
	}
	var refusal *auth.Error
	if !errors.As(err, &refusal) {
		t.Fatalf("the error %v is no refusal", err)
	}
	return auth.Reason(refusal.Reason())
}

// lockedBuffer is a log that servers may write while a test reads it.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
