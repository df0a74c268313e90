package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"create-service/test/services/running"
)

const (
	// leastHits is the least share of reads that the cache must answer while it is well.
	leastHits = 0.90
	// longest is what a read may take at most: what Redis may take, and what the store takes on a busy machine.
	longest = time.Second
	// slowest is what 99 of 100 reads may take at most while Redis is away.
	slowest = 100 * time.Millisecond
)

// act is one state of Redis, and what brings it about.
type act struct {
	name   string
	action string
	// isWell says that the cache must answer.
	isWell bool
}

// play loads the service while Redis goes through all its states.
func (w *world) play(ctx context.Context, t *running.Table) error {
	if err := w.populate(ctx); err != nil {
		return err
	}
	for _, a := range []act{
		{name: "Redis well", isWell: true},
		{name: "killed", action: "kill"},
		{name: "restarted", action: "start", isWell: true},
		{name: "frozen", action: "freeze"},
		{name: "thawed", action: "thaw", isWell: true},
	} {
		if err := w.perform(ctx, t, a); err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
	}
	return w.audit(ctx, t)
}

// perform loads the service for one phase, in whose beginning the state changes. Hits are counted in its second half: what
// was lost has been loaded again by then.
func (w *world) perform(ctx context.Context, t *running.Table, a act) error {
	began := time.Now()
	loaded, end := context.WithTimeout(ctx, w.phase)
	defer end()
	halfway := make(chan halfTime, 1)
	go func() { halfway <- w.firstHalf(ctx, a, began) }()
	samples := w.load(loaded)
	half := <-halfway
	if half.err != nil {
		return half.err
	}
	after, err := w.count(ctx)
	if err != nil {
		return err
	}
	ratio, figures := after.hitRatio(half.counts), describe(samples)
	at99, most := quantile(samples, 0.99), quantile(samples, 1)
	t.Check(a.name, most < longest && (a.isWell || at99 < slowest), "%s", figures)
	if a.isWell {
		t.Check(a.name+": hits", after.isUsed && ratio >= leastHits, "%.1f %% of the reads in the second half", 100*ratio)
	} else {
		t.Check(a.name+": Redis given up", !after.isUsed, "%.1f %% hits in the second half", 100*ratio)
		t.Say(a.name+": after the first second", "%s", describe(since(samples, time.Second)))
	}
	return nil
}

// halfTime is what the service has counted in the middle of a phase.
type halfTime struct {
	counts
	err error
}

// firstHalf brings the state about, and counts when half of the phase is over.
func (w *world) firstHalf(ctx context.Context, a act, began time.Time) (half halfTime) {
	if a.action != "" {
		half.err = w.redis(ctx, a.action)
	}
	time.Sleep(time.Until(began.Add(w.phase / 2)))
	if half.err == nil {
		half.counts, half.err = w.count(ctx)
	}
	return half
}

// audit checks what must hold for all requests together.
func (w *world) audit(ctx context.Context, t *running.Table) error {
	failures, stale := 0, 0
	var reason error
	for _, c := range w.clients {
		failures, stale = failures+c.failures, stale+c.stale
		if c.reason != nil {
			reason = c.reason
		}
	}
	t.Check("no request failed", failures == 0, "%d failed; the last: %v", failures, reason)
	t.Check("nobody read an old version", stale == 0, "%d answers were older than a change before them", stale)
	last, err := w.count(ctx)
	if err != nil {
		return err
	}
	t.Check("every copy of what changed is gone", last.pending == 0, "%.0f invalidations are pending", last.pending)
	return nil
}

// describe returns the figures of a phase.
func describe(samples []sample) string {
	shown := func(q float64) time.Duration { return quantile(samples, q).Round(10 * time.Microsecond) }
	return fmt.Sprintf("%d reads: median %s, p99 %s, longest %s", len(samples), shown(0.5), shown(0.99), shown(1))
}

// quantile returns what that share of the reads did not exceed.
func quantile(samples []sample, share float64) time.Duration {
	if len(samples) == 0 {
		return 0
	}
	took := make([]time.Duration, len(samples))
	for i, s := range samples {
		took[i] = s.took
	}
	slices.Sort(took)
	return took[min(len(took)-1, int(share*float64(len(took))))]
}

// since returns the samples that began after so much of the phase.
func since(samples []sample, later time.Duration) []sample {
	if len(samples) == 0 {
		return nil
	}
	first := slices.MinFunc(samples, func(a, b sample) int { return a.began.Compare(b.began) }).began
	return slices.DeleteFunc(slices.Clone(samples), func(s sample) bool { return s.began.Before(first.Add(later)) })
}
