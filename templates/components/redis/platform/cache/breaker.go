package cache

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sony/gobreaker/v2"
)

const (
	// window is the time in which failures are counted.
	window = 10 * time.Second
	// fewest is how many calls in a window say something about their share of failures.
	fewest = 20
)

var (
	// errSlow is a call that was answered, and too late to be of help.
	errSlow = errors.New("the server answered too late")
	// errGivenUp is a call whose caller did not wait for the answer; it says nothing about the server.
	errGivenUp = errors.New("the caller gave up")
)

// breaker decides whether Redis is used. When it is not, probes alone find out whether it can be again.
type breaker struct {
	*gobreaker.TwoStepCircuitBreaker[struct{}]
}

func newBreaker(cfg Config, log *slog.Logger) *breaker {
	return &breaker{gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Interval:     window,
		BucketPeriod: window / 10,
		// Half of it, so that it has passed whenever a probe is due.
		Timeout:       cfg.RetryInterval / 2,
		IsExcluded:    func(err error) bool { return errors.Is(err, errGivenUp) },
		ReadyToTrip:   cfg.isTooMuch,
		OnStateChange: func(_ string, _, now gobreaker.State) { announce(log, now) },
	})}
}

// isTooMuch reports whether the failures in the window are enough to give the server up.
func (c Config) isTooMuch(counts gobreaker.Counts) bool {
	return int64(counts.ConsecutiveFailures) >= int64(c.Failures) ||
		counts.Requests >= fewest && counts.TotalFailures*2 >= counts.Requests
}

// isClosed reports whether the server is used.
func (b *breaker) isClosed() bool { return b.State() == gobreaker.StateClosed }

// announce logs what the callers of the cache notice.
func announce(log *slog.Logger, now gobreaker.State) {
	switch now {
	case gobreaker.StateOpen:
		log.Warn("the cache is not used until Redis answers in time again")
	case gobreaker.StateClosed:
		log.Info("the cache is used again")
	case gobreaker.StateHalfOpen:
	}
}

// probe asks a server that was given up for a sign of life, in the place of callers who would have to wait for it.
func (c *Client) probe(ctx context.Context) {
	if c.breaker.isClosed() {
		return
	}
	done, err := c.breaker.Allow()
	if err != nil {
		return
	}
	limited, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	began := time.Now()
	err = c.redis.Ping(limited).Err()
	done(c.verdict(ctx, err, time.Since(began)))
}
