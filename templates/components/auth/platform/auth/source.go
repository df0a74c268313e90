package auth

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// mostWaiting is how many calls may wait for keys at once. Tokens with keys that nobody has heard of must not take the
// place of all other calls.
const mostWaiting = 64

// errTooManyWaiting says that a key is not known, and too many calls wait already to hear of new ones.
var errTooManyWaiting = errors.New("too many calls wait for the issuer's keys")

// keySource keeps the issuer's keys. A fetch that fails leaves the keys that are there.
type keySource struct {
	fetch       *fetcher
	report      keyReport
	refresh     time.Duration
	minInterval time.Duration
	timeout     time.Duration

	keys    atomic.Pointer[keySet]
	waiting atomic.Int64
	// began is when the source was made, fetched when the keys were last fetched, in Unix nanoseconds.
	began   time.Time
	fetched atomic.Int64

	// closing ends fetches, running counts them.
	closing chan struct{}
	close   func()
	running sync.WaitGroup

	mu sync.Mutex
	// next is the fetch that is under way or waits for its time; last is the one before.
	next, last *flight
}

// keyReport is who is told of fetches.
type keyReport struct {
	log     *slog.Logger
	metrics *instruments
	// withdrawn is called when a key is there no longer.
	withdrawn func()
}

// flight is one fetch. Its error may be read once it is done.
type flight struct {
	starts time.Time
	done   chan struct{}
	err    error
}

func newKeySource(cfg Config, fetch *fetcher, report keyReport) *keySource {
	s := &keySource{
		fetch:       fetch,
		report:      report,
		refresh:     cfg.Refresh,
		minInterval: cfg.MinInterval,
		timeout:     cfg.Timeout,
		began:       time.Now(),
		closing:     make(chan struct{}),
	}
	s.keys.Store(&keySet{})
	var once sync.Once
	s.close = func() {
		once.Do(func() {
			s.mu.Lock()
			close(s.closing)
			s.mu.Unlock()
		})
		s.running.Wait()
	}
	return s
}

// find returns the key of that name. One that is not known may be new: then it waits for a fetch that began after the
// question was asked. The error is errUnknownKey when the issuer was asked and has no such key.
func (s *keySource) find(ctx context.Context, name keyName) (*jose.JSONWebKey, error) {
	asked := time.Now()
	key, isWorthAsking := s.keys.Load().find(name)
	if key != nil {
		return key, nil
	}
	if !isWorthAsking {
		return nil, errUnknownKey
	}
	defer s.waiting.Add(-1)
	if s.waiting.Add(1) > mostWaiting {
		return nil, errTooManyWaiting
	}
	for {
		f := s.join(ctx)
		if !f.wait(ctx) {
			return nil, ctx.Err()
		}
		if key, _ := s.keys.Load().find(name); key != nil {
			return key, nil
		}
		if f.err != nil {
			return nil, f.err
		}
		if !f.starts.Before(asked) {
			return nil, errUnknownKey
		}
	}
}

// join returns the fetch that is under way, or the next one, which begins as soon as the interval allows.
func (s *keySource) join(ctx context.Context) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.next != nil {
		return s.next
	}
	f := &flight{starts: time.Now(), done: make(chan struct{})}
	if s.last != nil && s.last.starts.Add(s.minInterval).After(f.starts) {
		f.starts = s.last.starts.Add(s.minInterval)
	}
	select {
	case <-s.closing:
		f.err = context.Canceled
		close(f.done)
		return f
	default:
	}
	s.next = f
	// The fetch is for all who wait, so it goes on when the first of them leaves.
	s.running.Go(func() { s.fly(context.WithoutCancel(ctx), f) })
	return f
}

// fly makes a fetch.
func (s *keySource) fly(ctx context.Context, f *flight) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	landed := make(chan struct{})
	defer close(landed)
	go func() {
		select {
		case <-s.closing:
			cancel()
		case <-landed:
		}
	}()
	f.err = context.Canceled
	if pause(ctx, time.Until(f.starts)) {
		f.err = s.renew(ctx)
	}
	s.mu.Lock()
	s.next, s.last = nil, f
	s.mu.Unlock()
	close(f.done)
}

// wait is false when ctx ends before the fetch.
func (f *flight) wait(ctx context.Context) bool {
	select {
	case <-f.done:
		return true
	case <-ctx.Done():
		return false
	}
}

// renew fetches the keys and puts them in place of those before.
func (s *keySource) renew(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	keys, err := s.fetch.keys(ctx)
	if err != nil {
		s.report.metrics.failed.Inc()
		s.report.log.WarnContext(ctx, "the issuer's keys cannot be fetched", "error", err)
		return err
	}
	before := *s.keys.Swap(&keys)
	s.fetched.Store(time.Now().UnixNano())
	s.report.metrics.fetched.Inc()
	if keys.lacks(before) {
		s.report.withdrawn()
	}
	if keys.lacks(before) || before.lacks(keys) {
		s.report.log.InfoContext(ctx, "the issuer's keys have changed", "keys", len(keys))
	}
	return nil
}

// run fetches the keys now and then again and again, sooner after a failure.
func (s *keySource) run(ctx context.Context) error {
	for {
		f := s.join(ctx)
		if !f.wait(ctx) {
			return nil
		}
		rest := s.refresh
		if f.err != nil {
			rest = min(s.refresh, max(10*s.minInterval, time.Second))
		}
		if !pause(ctx, rest) {
			return nil
		}
	}
}

// check returns the error of the last fetch, and waits for the first.
func (s *keySource) check(ctx context.Context) error {
	s.mu.Lock()
	last := s.last
	s.mu.Unlock()
	if last == nil {
		last = s.join(ctx)
	}
	if !last.wait(ctx) {
		return ctx.Err()
	}
	return last.err
}

// age is how old the keys are.
func (s *keySource) age() time.Duration {
	if at := s.fetched.Load(); at != 0 {
		return time.Since(time.Unix(0, at))
	}
	return time.Since(s.began)
}
