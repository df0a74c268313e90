package taskqueue

import (
	"fmt"
	"time"

	"github.com/robfig/cron/v3"
)

// parseSchedule reads a schedule as Asynq does. Its times are UTC.
func parseSchedule(text string) (cron.Schedule, error) {
	schedule, err := cron.ParseStandard(text)
	if err != nil {
		return nil, fmt.Errorf("schedule %q: %w", text, err)
	}
	if every, ok := schedule.(cron.ConstantDelaySchedule); ok {
		return aligned{every: every.Delay}, nil
	}
	return schedule, nil
}

// aligned ticks at the multiples of a duration since the year 1, so that all workers tick together. The parser's own
// "@every" counts from whenever it is asked.
type aligned struct {
	every time.Duration
}

// Next returns the first tick after t.
func (a aligned) Next(t time.Time) time.Time { return t.Truncate(a.every).Add(a.every) }

// latest returns the last tick after the first time and not after the second one; zero: there is none.
func latest(schedule cron.Schedule, after, until time.Time) time.Time {
	var tick time.Time
	for next := schedule.Next(after); !next.IsZero() && !next.After(until); next = schedule.Next(next) {
		tick = next
	}
	return tick
}
