// Package health answers the three questions of a probe: is the process alive, has it started, should it get
// requests.
package health

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Config says how often the checks run.
type Config struct {
	// Interval is the time between two rounds of checks. Probes read the last round, so their number costs nothing.
	Interval time.Duration `env:"HEALTH_INTERVAL" envDefault:"5s" min:"1s"`
	// Timeout is how long one check may take: below the interval, so that rounds do not pile up.
	Timeout time.Duration `env:"HEALTH_TIMEOUT" envDefault:"2s" min:"100ms"`
}

// Check returns nil when what it looks at is well.
type Check func(ctx context.Context) error

// Checks is the state of the process. The zero value is not usable; see [New].
type Checks struct {
	cfg    Config
	log    *slog.Logger
	up     *prometheus.GaugeVec
	checks []*check

	mu       sync.Mutex
	started  bool
	draining bool
}

// check is one check and its last outcome.
type check struct {
	name     string
	run      Check
	required bool
	last     outcome
}

// outcome is the result of a check, in the words of the probe's answer.
type outcome string

const (
	pending outcome = "pending"
	passing outcome = "ok"
	failing outcome = "failing"
)

// New returns the state of a process that has not started. It registers dependency_up and service_ready.
func New(cfg Config, registerer prometheus.Registerer, log *slog.Logger) (*Checks, error) {
	up := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "dependency_up",
		Help: "Whether the last check of a dependency passed.",
	}, []string{"dependency"})
	c := &Checks{cfg: cfg, log: log, up: up}
	isReady := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "service_ready",
		Help: "Whether the process should get requests, as its readiness probe answers.",
	}, func() float64 {
		if c.IsReady() {
			return 1
		}
		return 0
	})
	for _, collector := range []prometheus.Collector{up, isReady} {
		if err := registerer.Register(collector); err != nil {
			return nil, fmt.Errorf("register the health metrics: %w", err)
		}
	}
	return c, nil
}

// Require adds a condition that must hold once before the process is ready, for example that the schema of the
// database is compatible. Call it before Run.
func (c *Checks) Require(name string, run Check) {
	c.checks = append(c.checks, &check{name: name, run: run, required: true, last: pending})
}

// Watch adds a dependency that is reported and does not decide: when a shared store is down, taking every replica
// out of service would make an outage of it an outage of everything. Call it before Run.
func (c *Checks) Watch(name string, run Check) {
	c.checks = append(c.checks, &check{name: name, run: run, last: pending})
}

// Started records that the process has finished starting.
func (c *Checks) Started() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.started = true
}

// Draining records that the process is about to stop: it is never ready again.
func (c *Checks) Draining() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.draining = true
}

// Run checks at once and then in each interval, until the context ends.
func (c *Checks) Run(ctx context.Context) error {
	ticker := time.NewTicker(c.cfg.Interval)
	defer ticker.Stop()
	for {
		c.round(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// round runs all checks together, except conditions that have held.
func (c *Checks) round(ctx context.Context) {
	var all sync.WaitGroup
	for _, k := range c.checks {
		if k.required && c.last(k) == passing {
			continue
		}
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
			defer cancel()
			c.record(ctx, k, k.run(ctx))
		})
	}
	all.Wait()
}

func (c *Checks) last(k *check) outcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	return k.last
}

// record keeps an outcome, and logs it when it is not the one before.
func (c *Checks) record(ctx context.Context, k *check, err error) {
	now, up := passing, 1.0
	if err != nil {
		now, up = failing, 0
	}
	c.up.WithLabelValues(k.name).Set(up)
	c.mu.Lock()
	before := k.last
	k.last = now
	c.mu.Unlock()
	switch {
	case now == before:
	case err != nil:
		c.log.WarnContext(ctx, "health check fails", "check", k.name, "error", err)
	default:
		c.log.InfoContext(ctx, "health check passes", "check", k.name)
	}
}
