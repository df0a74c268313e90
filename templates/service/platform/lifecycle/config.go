package lifecycle

import (
	"fmt"
	"time"
)

// Config says how long each step of a shutdown may take.
type Config struct {
	// Delay is the time between "not ready" and the first closed listener: load balancers go on sending until their
	// next probe, in Kubernetes up to a few seconds.
	Delay time.Duration `env:"SHUTDOWN_DELAY" envDefault:"8s" min:"0s"`
	// Drain is how long requests, messages and tasks in hand may take to finish.
	Drain time.Duration `env:"SHUTDOWN_DRAIN" envDefault:"25s" min:"1s"`
	// Close is how long each of the four later steps may take: leases, producers, stores, telemetry.
	Close time.Duration `env:"SHUTDOWN_CLOSE" envDefault:"5s" min:"1s"`
	// Grace is when the process is killed: terminationGracePeriodSeconds of the pod. The steps together take less.
	Grace time.Duration `env:"SHUTDOWN_GRACE" envDefault:"60s" min:"2s"`
}

// Validate checks that a shutdown ends before the process is killed.
func (c Config) Validate() error {
	if total := c.total(); total >= c.Grace {
		return fmt.Errorf("SHUTDOWN_GRACE must be more than the %s that SHUTDOWN_DELAY, SHUTDOWN_DRAIN and four times SHUTDOWN_CLOSE take", total)
	}
	return nil
}

func (c Config) total() time.Duration {
	total := c.Delay
	for phase := Drain; phase <= Telemetry; phase++ {
		total += c.limit(phase)
	}
	return total
}

// limit is how long a phase may take.
func (c Config) limit(p Phase) time.Duration {
	if p == Drain {
		return c.Drain
	}
	return c.Close
}
