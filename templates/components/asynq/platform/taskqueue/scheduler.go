package taskqueue

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/robfig/cron/v3"
)

// Scheduler enqueues the tasks that have a schedule.
//
// Every worker runs one, and yet each tick is enqueued once: the id of its task is `<task>/<tick>`, and to all workers but
// the first the id is there already. That is one scheduler at a time without a lease to hold, lose and wait for.
//
// A tick that nobody enqueued (no worker ran, Redis was away) is made up for as soon as one can: the last one that was missed,
// if it is no older than Config.CatchUp. Those before it are skipped. So is a tick whose worker starts for the first
// time, if it lies within that time.
type Scheduler struct {
	entries  []scheduled
	catchUp  time.Duration
	now      func() time.Time
	log      *slog.Logger
	registry prometheus.Registerer
	due      *prometheus.GaugeVec
	enqueue  func(ctx context.Context, spec Spec, tick time.Time) (added bool, err error)
}

type scheduled struct {
	spec     Spec
	schedule cron.Schedule
}

// skew is how far the clocks of two workers may be apart: a tick's id is remembered for so much longer than it is made
// up for.
const skew = 10 * time.Minute

// retryTick is the pause before a tick that could not be enqueued is tried again.
const retryTick = 5 * time.Second

// NewScheduler returns the scheduler of the client's tasks. The clock now gives the time of day.
func NewScheduler(c *Client, now func() time.Time) *Scheduler {
	s := &Scheduler{
		catchUp: c.cfg.CatchUp, now: now, log: c.deps.Log, registry: c.deps.Registry, due: newDueTimes(), enqueue: c.putTick,
	}
	for _, spec := range c.specs.list {
		// Open has parsed them all.
		if schedule, err := parseSchedule(spec.Cron); spec.Cron != "" && err == nil {
			s.entries = append(s.entries, scheduled{spec: spec, schedule: schedule})
		}
	}
	return s
}

func (c *Client) putTick(ctx context.Context, spec Spec, tick time.Time) (added bool, err error) {
	return c.put(ctx, spec, entry{
		id:        spec.Name + "/" + tick.UTC().Format(time.RFC3339),
		payload:   []byte("{}"),
		retention: max(c.cfg.Retention, c.cfg.CatchUp+skew),
	})
}

// Run enqueues each tick as it comes, until the context ends.
func (s *Scheduler) Run(ctx context.Context) error {
	unregister, err := register(s.registry, s.due)
	if err != nil {
		return err
	}
	defer unregister()
	var all sync.WaitGroup
	for _, e := range s.entries {
		all.Go(func() { s.follow(ctx, e) })
	}
	all.Wait()
	<-ctx.Done()
	return ctx.Err()
}

// follow enqueues the ticks of one task.
func (s *Scheduler) follow(ctx context.Context, e scheduled) {
	var last time.Time
	for ctx.Err() == nil {
		var again bool
		if last, again = s.tick(ctx, e, last); again {
			pause(ctx, retryTick)
			continue
		}
		now := s.now().UTC()
		next := e.schedule.Next(now)
		if next.IsZero() {
			s.log.WarnContext(ctx, "a schedule has no tick in the years to come", "task.name", e.spec.Name, "task.schedule", e.spec.Cron)
			return
		}
		s.isDue(e.spec, next)
		pause(ctx, next.Sub(now))
	}
}

// tick enqueues the last tick that is due and came after the given one. It returns the tick that was enqueued last, and
// whether to try again soon.
func (s *Scheduler) tick(ctx context.Context, e scheduled, last time.Time) (enqueued time.Time, again bool) {
	now := s.now().UTC()
	after := last
	if oldest := now.Add(-s.catchUp); after.Before(oldest) {
		after = oldest
	}
	due := latest(e.schedule, after, now)
	if due.IsZero() {
		return last, false
	}
	s.isDue(e.spec, due)
	log := s.log.With("task.name", e.spec.Name, "task.tick", due)
	added, err := s.enqueue(ctx, e.spec, due)
	if err != nil {
		if ctx.Err() == nil {
			log.WarnContext(ctx, "a scheduled task could not be enqueued and will be tried again", "error", err)
		}
		return last, true
	}
	log.DebugContext(ctx, "a scheduled task is due", "task.added", added)
	return due, false
}

// isDue reports the tick that is to be enqueued next.
func (s *Scheduler) isDue(spec Spec, tick time.Time) {
	s.due.WithLabelValues(spec.Name).Set(float64(tick.Unix()))
}

// pause waits, or until the context ends.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
