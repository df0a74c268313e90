package outbound

import (
	"errors"
	"time"
)

// Config is what an operator can set about the calls of one peer.
type Config struct {
	// Timeout is how long a call may take, with its retries. When the request that caused it has less time left, that
	// counts, less RESERVE.
	Timeout time.Duration `env:"TIMEOUT" envDefault:"2s" min:"10ms" max:"5m"`
	// Reserve is what a call leaves of the time of the request that caused it, so that there is still an answer.
	Reserve time.Duration `env:"RESERVE" envDefault:"50ms" min:"0s" max:"10s"`
	// Retries is how often a call is repeated at most. Only calls that may be repeated are, and nothing else repeats them.
	Retries int `env:"RETRIES" envDefault:"2" min:"0" max:"5"`
	// RetryDelay is the most that the first retry waits; each further one may wait twice as long as that before it. The
	// wait is random from zero on, so that callers do not come back together.
	RetryDelay time.Duration `env:"RETRY_DELAY" envDefault:"50ms" min:"1ms" max:"10s"`
	// RetryBudget is the share of calls that may be repeated, so that retries do not bury a peer that is struggling.
	RetryBudget float64 `env:"RETRY_BUDGET" envDefault:"0.1" min:"0" max:"1"`
	// BreakerWindow is the time over which the breaker counts.
	BreakerWindow time.Duration `env:"BREAKER_WINDOW" envDefault:"10s" min:"1s" max:"10m"`
	// BreakerCalls is how many attempts the window must have before the breaker judges. So many failures in a row open it,
	// whatever was before.
	BreakerCalls uint32 `env:"BREAKER_CALLS" envDefault:"20" min:"1" max:"100000"`
	// BreakerRatio is the share of failed attempts at which the breaker opens: calls then fail at once.
	BreakerRatio float64 `env:"BREAKER_RATIO" envDefault:"0.5" min:"0.01" max:"1"`
	// BreakerPause is how long an open breaker lets nothing through; then a few attempts find out whether the peer is back.
	BreakerPause time.Duration `env:"BREAKER_PAUSE" envDefault:"5s" min:"100ms" max:"10m"`
}

// Validate reports settings that cannot work together.
func (c Config) Validate() error {
	if c.Reserve >= c.Timeout {
		return errors.New("RESERVE must be shorter than TIMEOUT")
	}
	return nil
}
