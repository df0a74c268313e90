package outbound

import (
	"context"
	"errors"
	"log/slog"

	"github.com/sony/gobreaker/v2"
)

const (
	// buckets divide the window: what is older than it leaves the count a tenth at a time.
	buckets = 10
	// probes is how many attempts an open breaker lets through after its pause. All must succeed for it to close.
	probes = 3
)

var (
	errFailed  = errors.New("the attempt failed")
	errNoVotes = errors.New("the attempt says nothing about the peer")
	errPanic   = errors.New("the attempt panicked")
)

// newBreaker returns a breaker that opens when too large a share of the attempts fails, and closes by itself.
func newBreaker(name string, cfg Config, log *slog.Logger) *gobreaker.TwoStepCircuitBreaker[any] {
	return gobreaker.NewTwoStepCircuitBreaker[any](gobreaker.Settings{
		Name:         name,
		MaxRequests:  probes,
		Interval:     cfg.BreakerWindow,
		BucketPeriod: cfg.BreakerWindow / buckets,
		Timeout:      cfg.BreakerPause,
		ReadyToTrip:  cfg.isTooMuch,
		OnStateChange: func(name string, _, to gobreaker.State) {
			report := log.Info
			if to == gobreaker.StateOpen {
				report = log.Warn
			}
			report("the breaker of a peer changed", "peer", name, "state", to.String())
		},
		IsExcluded: func(err error) bool { return errors.Is(err, errNoVotes) },
	})
}

// isTooMuch reports whether the window has too large a share of failures. So many failures in a row that the breaker could
// judge by them alone are too much as well: a busy peer that hangs would otherwise be waited for until its successes of
// before have left the window.
func (c Config) isTooMuch(window gobreaker.Counts) bool {
	judged := window.TotalSuccesses + window.TotalFailures
	isShare := judged >= c.BreakerCalls && float64(window.TotalFailures) >= c.BreakerRatio*float64(judged)
	isRow := min(window.ConsecutiveFailures, window.TotalFailures) >= c.BreakerCalls
	return isShare || isRow
}

// judged says what an attempt means for the breaker. A caller who hung up says nothing about the peer.
func judged(ctx context.Context, r Result) error {
	switch {
	case r.Err == nil || !r.Failed:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return errNoVotes
	default:
		return errFailed
	}
}

// breakerState is a state as a number, the worse the higher.
func breakerState(state gobreaker.State) float64 {
	switch state {
	case gobreaker.StateOpen:
		return 2
	case gobreaker.StateHalfOpen:
		return 1
	default:
		return 0
	}
}
