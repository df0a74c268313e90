package taskqueue

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"
)

func TestSchedulesAreInUTCAndTheSameForAllWorkers(t *testing.T) {
	t.Parallel()
	india := time.FixedZone("IST", 5*3600+1800)
	tests := []struct {
		cron        string
		from, until string
		want        string
	}{
		{"0 3 * * *", "2026-01-02T02:00:00Z", "2026-01-02T03:00:00Z", "2026-01-02T03:00:00Z"},
		{"0 3 * * *", "2026-01-02T03:00:00Z", "2026-01-03T02:59:59Z", ""},
		{"*/5 * * * *", "2026-01-02T02:00:01Z", "2026-01-02T03:01:00Z", "2026-01-02T03:00:00Z"},
		{"@hourly", "2026-01-02T02:30:00Z", "2026-01-02T05:30:00Z", "2026-01-02T05:00:00Z"},
		{"@every 90s", "2026-01-02T00:00:00Z", "2026-01-02T00:04:00Z", "2026-01-02T00:03:00Z"},
		{"@every 90s", "2026-01-02T00:00:07Z", "2026-01-02T00:04:11Z", "2026-01-02T00:03:00Z"},
		{"0 0 30 2 *", "2026-01-02T00:00:00Z", "2026-06-02T00:00:00Z", ""},
	}
	for _, tt := range tests {
		t.Run(tt.cron, func(t *testing.T) {
			t.Parallel()
			schedule, err := parseSchedule(tt.cron)
			require.NoError(t, err)
			at := func(text string) time.Time {
				moment, err := time.Parse(time.RFC3339, text)
				require.NoError(t, err)
				return moment
			}
			got := latest(schedule, at(tt.from), at(tt.until))
			if tt.want == "" {
				require.Zero(t, got)
				return
			}
			require.Equal(t, at(tt.want), got)
			// Whoever runs it in another zone asks in UTC all the same.
			require.Equal(t, got, latest(schedule, at(tt.from).In(india).UTC(), at(tt.until)))
		})
	}
}

// clockwork is a scheduler in a bubble of synctest, where time is fast and exact.
type clockwork struct {
	*Scheduler
	mu    sync.Mutex
	ticks []string
	fails func(tick time.Time) error
}

func newClockwork(t *testing.T, cron string, catchUp time.Duration) *clockwork {
	t.Helper()
	schedule, err := parseSchedule(cron)
	require.NoError(t, err)
	c := &clockwork{fails: func(time.Time) error { return nil }}
	c.Scheduler = &Scheduler{
		entries: []scheduled{{spec: Spec{Name: "report", Cron: cron}, schedule: schedule}},
		catchUp: catchUp, now: time.Now, log: slog.New(slog.DiscardHandler), enqueue: c.note,
		registry: prometheus.NewRegistry(), due: newDueTimes(),
	}
	return c
}

func (c *clockwork) note(_ context.Context, _ Spec, tick time.Time) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.fails(tick); err != nil {
		return false, err
	}
	c.ticks = append(c.ticks, tick.Format("15:04:05")+" at "+time.Now().UTC().Format("15:04:05"))
	return true, nil
}

// runFor runs the scheduler for some time, beginning at the given time of the bubble's first day, which is 2000-01-01.
func (c *clockwork) runFor(t *testing.T, from, d time.Duration) []string {
	t.Helper()
	time.Sleep(time.Until(time.Date(2000, time.January, 1, 0, 0, 0, 0, time.UTC).Add(from)))
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	require.ErrorIs(t, c.Run(ctx), context.DeadlineExceeded)
	return c.ticks
}

func TestEachTickIsEnqueuedWhenItComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClockwork(t, "*/10 * * * *", time.Minute)
		require.Equal(t, []string{"01:10:00 at 01:10:00", "01:20:00 at 01:20:00", "01:30:00 at 01:30:00"},
			c.runFor(t, time.Hour+5*time.Minute, 30*time.Minute))
	})
}

func TestOnlyTheLastTickThatWasMissedIsMadeUpFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClockwork(t, "*/10 * * * *", time.Hour)
		require.Equal(t, []string{"01:00:00 at 01:05:00", "01:10:00 at 01:10:00"}, c.runFor(t, time.Hour+5*time.Minute, 6*time.Minute))
	})
}

func TestATickThatIsTooOldIsSkipped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClockwork(t, "@daily", time.Hour)
		require.Empty(t, c.runFor(t, 2*time.Hour, time.Hour))
	})
}

func TestATickIsTriedUntilItIsEnqueued(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClockwork(t, "@hourly", time.Hour)
		back := time.Date(2000, time.January, 1, 2, 0, 12, 0, time.UTC)
		c.fails = func(time.Time) error {
			if time.Now().Before(back) {
				return errors.New("redis is away")
			}
			return nil
		}
		require.Equal(t, []string{"02:00:00 at 02:00:15", "03:00:00 at 03:00:00"}, c.runFor(t, time.Hour+59*time.Minute, 90*time.Minute))
	})
}

func TestATickThatCannotBeEnqueuedStaysDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClockwork(t, "@hourly", time.Hour)
		at := func(hour, minute int) time.Time {
			return time.Date(2000, time.January, 1, hour, minute, 0, 0, time.UTC)
		}
		c.fails = func(time.Time) error {
			if now := time.Now(); !now.Before(at(2, 0)) && now.Before(at(2, 10)) {
				return errors.New("redis is away")
			}
			return nil
		}
		var mu sync.Mutex
		var seen []float64
		for _, moment := range []time.Time{at(1, 30), at(2, 5), at(2, 20)} {
			time.AfterFunc(time.Until(moment), func() {
				mu.Lock()
				defer mu.Unlock()
				seen = append(seen, testutil.ToFloat64(c.due.WithLabelValues("report")))
			})
		}
		c.runFor(t, time.Hour+15*time.Minute, 70*time.Minute)
		mu.Lock()
		defer mu.Unlock()
		require.Equal(t, []float64{float64(at(2, 0).Unix()), float64(at(2, 0).Unix()), float64(at(3, 0).Unix())}, seen)
	})
}

func TestDuringALongOutageTheLastTickWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClockwork(t, "*/10 * * * *", time.Hour)
		back := time.Date(2000, time.January, 1, 2, 32, 0, 0, time.UTC)
		c.fails = func(time.Time) error {
			if time.Now().Before(back) {
				return errors.New("redis is away")
			}
			return nil
		}
		require.Equal(t, []string{"02:30:00 at 02:32:00", "02:40:00 at 02:40:00"}, c.runFor(t, 2*time.Hour, 45*time.Minute))
	})
}

func TestAScheduleWithoutTicksEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		require.Empty(t, newClockwork(t, "0 0 30 2 *", time.Hour).runFor(t, time.Hour, time.Hour))
	})
}

func TestBackOffGrowsToItsLimit(t *testing.T) {
	t.Parallel()
	seconds := []float64{5, 10, 20, 40, 80, 160, 320, 600, 600, 600}
	for retried, want := range seconds {
		d := backOff(5*time.Second, 10*time.Minute, retried)
		require.InDelta(t, want, d.Seconds(), 0)
		for range 100 {
			part := jittered(d)
			require.GreaterOrEqual(t, part, d/2)
			require.LessOrEqual(t, part, d)
		}
	}
	require.Equal(t, time.Hour, backOff(time.Minute, time.Hour, math.MaxInt32), "more often than a duration can be doubled")
}
