package taskqueue_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/stretchr/testify/require"

	"create-service/templates/components/asynq/platform/taskqueue"
)

// Three workers follow one schedule: each tick is run once.
func TestWorkersEnqueueEachTickOnce(t *testing.T) {
	t.Parallel()
	spec := noteSpec(func(s *taskqueue.Spec) { s.Cron = "@every 1s" })
	q := open(t, spec)
	others := []*queue{q, openWith(t, q.cfg, spec), openWith(t, q.cfg, spec)}
	began := time.Now().Truncate(time.Second)
	ctx, cancel := context.WithDeadline(t.Context(), began.Add(3500*time.Millisecond))
	defer cancel()
	var workers sync.WaitGroup
	var run journal
	for _, worker := range others {
		worker.serve(t, taskqueue.Handle(noteName, func(_ context.Context, task taskqueue.Task[note]) error {
			run.note(task.ID)
			return nil
		}))
		workers.Go(func() { _ = taskqueue.NewScheduler(worker.Client, time.Now).Run(ctx) })
	}
	workers.Wait()
	var want []string
	for second := range 4 {
		want = append(want, "note/"+began.Add(time.Duration(second)*time.Second).UTC().Format(time.RFC3339))
	}
	require.Eventually(t, func() bool { return len(run.all()) >= len(want) }, noteSpan, 5*time.Millisecond)
	require.ElementsMatch(t, want, run.all())
	info := q.await(t, want[0], asynq.TaskStateCompleted)
	require.Equal(t, 24*time.Hour, info.Retention)
	added, repeated := 0.0, 0.0
	for _, worker := range others {
		added += worker.metric(t, "asynq_tasks_sent_total", map[string]string{"outcome": "new"})
		repeated += worker.metric(t, "asynq_tasks_sent_total", map[string]string{"outcome": "duplicate"})
	}
	require.InDelta(t, len(want), added, 0)
	require.InDelta(t, 2*len(want), repeated, 2, "each of the other two meets each tick")
}

// A worker that restarts finds the last tick done.
func TestARestartRepeatsNoTick(t *testing.T) {
	t.Parallel()
	spec := noteSpec(func(s *taskqueue.Spec) { s.Cron = "@hourly" })
	q := open(t, spec)
	noon := time.Date(2026, time.January, 2, 12, 0, 30, 0, time.UTC)
	for range 3 {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		require.ErrorIs(t, taskqueue.NewScheduler(q.Client, func() time.Time { return noon }).Run(ctx), context.DeadlineExceeded)
		cancel()
	}
	tasks, err := q.inspector.ListPendingTasks("default")
	require.NoError(t, err)
	require.Len(t, tasks, 1)
	require.Equal(t, "note/2026-01-02T12:00:00Z", tasks[0].ID)
	require.JSONEq(t, "{}", string(tasks[0].Payload))
}

// However short the retention, a tick is remembered for as long as some worker may still want to make up for it.
func TestATickIsRememberedForAsLongAsItIsMadeUpFor(t *testing.T) {
	t.Parallel()
	spec := noteSpec(func(s *taskqueue.Spec) { s.Cron = "@hourly" })
	cfg := open(t, spec).cfg
	cfg.Retention = time.Minute
	q := openWith(t, cfg, spec)
	noon := time.Date(2026, time.January, 2, 12, 0, 30, 0, time.UTC)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, taskqueue.NewScheduler(q.Client, func() time.Time { return noon }).Run(ctx), context.DeadlineExceeded)
	info := q.await(t, "note/2026-01-02T12:00:00Z", asynq.TaskStatePending)
	require.Equal(t, 70*time.Minute, info.Retention)
}
