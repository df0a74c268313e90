// Package outbound holds what calls of other services have in common, whatever their protocol: a deadline out of the
// time that the caller has left, retries within a budget, a breaker, and what is measured about each peer.
//
// It is the one layer that repeats a call. What is below it, gRPC and net/http, does not.
package outbound

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/sony/gobreaker/v2"
)

// Deps is what a peer reports to. All of it is required.
type Deps struct {
	// Log gets a line when the breaker opens and when it closes.
	Log *slog.Logger
	// Registry gets the metrics. All peers of a process share them, each under its name.
	Registry prometheus.Registerer
}

// Peer is another service as this process sees it.
type Peer struct {
	name    string
	cfg     Config
	budget  *budget
	breaker *gobreaker.TwoStepCircuitBreaker[any]
	metrics *peerMetrics
}

// Attempt makes a call once. The first attempt has the number 1.
type Attempt func(ctx context.Context, number int) Result

// Result is how an attempt ended.
type Result struct {
	// Err is what the caller gets when this attempt was the last; nil: the call succeeded.
	Err error
	// Failed reports that the peer did not do its work. A refusal that has its cause in the request is no failure.
	Failed bool
	// Again reports that the same request may succeed a moment later.
	Again bool
	// After is how long the peer wants to be left alone; 0: it did not say.
	After time.Duration
}

// NewPeer returns a peer that nothing is known about yet.
func NewPeer(name string, cfg Config, d Deps) (*Peer, error) {
	p := &Peer{name: name, cfg: cfg, budget: newBudget(cfg.RetryBudget)}
	p.breaker = newBreaker(name, cfg, d.Log)
	var err error
	if p.metrics, err = newPeerMetrics(name, d.Registry, p.breaker.State); err != nil {
		return nil, fmt.Errorf("client of %s: %w", name, err)
	}
	return p, nil
}

// Name is the peer's, for spans and metrics.
func (p *Peer) Name() string { return p.name }

// Call makes a call: one attempt, and more when the call may be repeated, the failure is one that may pass, and there is
// budget and time. Its error is an [*Error].
func (p *Peer) Call(ctx context.Context, repeatable bool, attempt Attempt) error {
	ctx, cancel, err := p.limited(ctx)
	if err != nil {
		return p.refused(byDeadline, err)
	}
	defer cancel()
	p.budget.earn()
	for number := 1; ; number++ {
		result, err := p.try(ctx, number, attempt)
		if err != nil {
			return p.refused(byBreaker, err)
		}
		if result.Err == nil {
			return nil
		}
		if !repeatable || !result.Again || number > p.cfg.Retries || !p.mayRetry(ctx, number, result.After) {
			return p.failure(ctx, result.Err)
		}
	}
}

// try makes one attempt, if the breaker lets it through; else it returns an error.
func (p *Peer) try(ctx context.Context, number int, attempt Attempt) (Result, error) {
	done, err := p.breaker.Allow()
	if err != nil {
		return Result{}, err
	}
	result := Result{Err: errPanic, Failed: true}
	defer func() { done(judged(ctx, result)) }()
	result = attempt(ctx, number)
	return result, nil
}

// mayRetry waits before a further attempt. It reports false when there is no budget, or no time: nobody should wait for
// what cannot come any more.
func (p *Peer) mayRetry(ctx context.Context, number int, after time.Duration) bool {
	wait := max(after, jitter(p.cfg.RetryDelay<<(number-1)))
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= wait {
		return false
	}
	if !p.budget.spend() {
		p.metrics.retriesRefused.Inc()
		return false
	}
	select {
	case <-time.After(wait):
		p.metrics.retries.Inc()
		return true
	case <-ctx.Done():
		return false
	}
}

// Pass asks the breaker to let a call through that is not repeated and has no deadline, such as a stream. The function
// that it returns must be called with how the call ended. Its error is an [*Error].
func (p *Peer) Pass(ctx context.Context) (func(Result), error) {
	done, err := p.breaker.Allow()
	if err != nil {
		return nil, p.refused(byBreaker, err)
	}
	return func(r Result) { done(judged(ctx, r)) }, nil
}

// Check returns an error while the breaker is open. It asks nothing of the peer: the calls themselves say how it is.
func (p *Peer) Check(context.Context) error {
	if p.breaker.State() == gobreaker.StateOpen {
		return errors.New("the breaker is open: most calls fail")
	}
	return nil
}

func (p *Peer) refused(reason string, err error) error {
	p.metrics.refused.WithLabelValues(p.name, reason).Inc()
	return p.wrap(err)
}
