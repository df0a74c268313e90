package taskqueue_test

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/stretchr/testify/require"

	"create-service/templates/components/asynq/platform/taskqueue"
	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/kernel/message"
	"create-service/templates/service/platform/redistest"
)

func TestATaskIsRunWithWhatItsMessageSays(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec())
	seen := make(chan taskqueue.Task[note], 1)
	q.serve(t, taskqueue.Handle(noteName, func(_ context.Context, task taskqueue.Task[note]) error {
		seen <- task
		return nil
	}))
	id := q.send(t, "hello")
	task := <-seen
	require.Equal(t, noteName, task.Name)
	require.Equal(t, id, task.ID)
	require.Equal(t, 1, task.Attempt)
	require.Equal(t, note{Text: "hello"}, task.Payload)
	require.Equal(t, message.Unit{Once: "task/note/" + id, Keep: 7 * 24 * time.Hour}, task.Unit())
	info := q.await(t, id, asynq.TaskStateCompleted)
	require.Equal(t, 24*time.Hour, info.Retention)
	require.Empty(t, info.Result)
}

func TestARepeatedMessageIsRunOnce(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec())
	var done journal
	q.serve(t, taskqueue.Handle(noteName, func(_ context.Context, task taskqueue.Task[note]) error {
		done.note(task.Payload.Text)
		return nil
	}))
	m := noteMessage("once")
	require.NoError(t, q.Send(t.Context(), m, m), "twice in one call, before it has run")
	q.await(t, m.ID.String(), asynq.TaskStateCompleted)
	require.NoError(t, q.Send(t.Context(), m), "again, after it has run")
	q.send(t, "another")
	done.await(t, "once", "another")
	require.InDelta(t, 2, q.metric(t, "asynq_tasks_sent_total", map[string]string{"outcome": "new"}), 0)
	require.InDelta(t, 2, q.metric(t, "asynq_tasks_sent_total", map[string]string{"outcome": "duplicate"}), 0)
}

func TestAFailedTaskIsRetriedUntilItSucceeds(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec())
	var attempts journal
	q.serve(t, taskqueue.Handle(noteName, func(_ context.Context, task taskqueue.Task[note]) error {
		attempts.note(strconv.Itoa(task.Attempt))
		if task.Attempt < 3 {
			return errors.New("not yet")
		}
		return nil
	}))
	q.await(t, q.send(t, "x"), asynq.TaskStateCompleted)
	attempts.await(t, "1", "2", "3")
	require.InDelta(t, 2, q.metric(t, "asynq_task_duration_seconds", map[string]string{"outcome": "retry", "task": noteName}), 0)
	require.InDelta(t, 1, q.metric(t, "asynq_task_duration_seconds", map[string]string{"outcome": "done", "task": noteName}), 0)
}

func TestATaskThatFailsForGoodIsArchived(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		failure  error
		attempts int
	}{
		{"retries used up", errors.New("broken"), 3},
		{"a store that stays away", fault.New(fault.Unavailable, "away"), 3},
		{"what it was about is gone", fault.New(fault.NotFound, "gone"), 1},
		{"wrong state", fault.New(fault.WrongState, "shipped already"), 1},
		{"a wrapped fault", errors.Join(errors.New("while sending"), fault.New(fault.Invalid, "no address")), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := open(t, noteSpec())
			var attempts journal
			q.serve(t, taskqueue.Handle(noteName, func(context.Context, taskqueue.Task[note]) error {
				attempts.note("tried")
				return tt.failure
			}))
			info := q.await(t, q.send(t, "x"), asynq.TaskStateArchived)
			require.Len(t, attempts.all(), tt.attempts)
			require.Contains(t, info.LastErr, tt.failure.Error())
			lines := q.log.entries(t, "task failed for good and is in the archive")
			require.Len(t, lines, 1)
			require.Equal(t, "ERROR", lines[0]["level"])
			require.Equal(t, noteName, lines[0]["task.name"])
			require.InDelta(t, 1, q.metric(t, "asynq_queue_tasks", map[string]string{"state": "archived"}), 0)
		})
	}
}

func TestWhatFailsWhileAStoreIsAwayDoesNotCount(t *testing.T) {
	t.Parallel()
	type run = func(context.Context, taskqueue.Task[note]) error
	tests := []struct {
		name    string
		spec    taskqueue.Spec
		handler func(run) taskqueue.Handler
	}{
		{"a task", noteSpec(once), func(f run) taskqueue.Handler { return taskqueue.Handle(noteName, f) }},
		{"a step of a saga", noteSpec(once, saga), func(f run) taskqueue.Handler {
			return taskqueue.Saga(noteName, f, func(context.Context, taskqueue.Task[note]) error { return errors.New("it was undone") })
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			const outage = 3
			var attempts atomic.Int32
			q := openOn(t, quick(t, redistest.Open(t).Environment("ASYNQ")...), func(context.Context) error {
				if attempts.Load() <= outage {
					return errors.New("connection refused")
				}
				return nil
			}, tt.spec)
			q.serve(t, tt.handler(func(_ context.Context, task taskqueue.Task[note]) error {
				if task.Attempt != 1 {
					t.Errorf("attempt %d, want 1", task.Attempt)
				}
				if attempts.Add(1) <= outage {
					return fault.New(fault.Unavailable, "away")
				}
				return nil
			}))
			require.Empty(t, q.await(t, q.send(t, "x"), asynq.TaskStateCompleted).Result)
			require.InDelta(t, outage, q.metric(t, "asynq_task_duration_seconds", map[string]string{"outcome": "postponed"}), 0)
			require.Len(t, q.log.entries(t, "task is postponed: a store is away"), outage)
		})
	}
}

func once(s *taskqueue.Spec) { s.MaxRetry = 0 }

func TestAPayloadOfAnotherShapeIsArchivedAtOnce(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec())
	q.serve(t, taskqueue.Handle(noteName, func(context.Context, taskqueue.Task[note]) error {
		t.Error("the handler was called")
		return nil
	}))
	m := noteMessage("")
	m.Data = json.RawMessage(`{"text": 5}`)
	require.NoError(t, q.Send(t.Context(), m))
	require.Contains(t, q.await(t, m.ID.String(), asynq.TaskStateArchived).LastErr, "decode the payload")
}

func TestAPanicIsAFailure(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec(once))
	q.serve(t, taskqueue.Handle(noteName, func(context.Context, taskqueue.Task[note]) error { panic("oops") }))
	require.Equal(t, "panic: oops", q.await(t, q.send(t, "x"), asynq.TaskStateArchived).LastErr)
	lines := q.log.entries(t, "task failed for good and is in the archive")
	require.Len(t, lines, 1)
	require.Contains(t, lines[0]["error.stack_trace"], "process_test.go")
}

func TestAnAttemptEndsAtItsTimeout(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec(func(s *taskqueue.Spec) { s.MaxRetry, s.Timeout = 1, 150*time.Millisecond }))
	q.serve(t, taskqueue.Handle(noteName, func(ctx context.Context, _ taskqueue.Task[note]) error {
		<-ctx.Done()
		return ctx.Err()
	}))
	info := q.await(t, q.send(t, "x"), asynq.TaskStateArchived)
	require.Regexp(t, `^no end after 1[5-9]\dms: context deadline exceeded$`, info.LastErr)
	require.Equal(t, 1, info.Retried)
}

func TestADelayedTaskIsNotRunBeforeItsTime(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec())
	began := make(chan time.Time, 1)
	q.serve(t, taskqueue.Handle(noteName, func(context.Context, taskqueue.Task[note]) error {
		began <- time.Now()
		return nil
	}))
	m := noteMessage("later")
	m.Time = time.Now().Add(1200 * time.Millisecond)
	require.NoError(t, q.Send(t.Context(), m))
	require.Equal(t, asynq.TaskStateScheduled, q.state(m.ID.String()))
	at := <-began
	require.False(t, at.Before(m.Time), "run %s early", m.Time.Sub(at))
	require.WithinDuration(t, m.Time, at, 5*time.Second)
}

func TestATaskOfANewerVersionWaitsForIt(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec())
	stop := q.serve(t, taskqueue.Handle(noteName, func(context.Context, taskqueue.Task[note]) error { return nil }))
	m := noteMessage("from the future")
	m.Type = "new-task"
	require.NoError(t, q.Send(t.Context(), m))
	q.await(t, m.ID.String(), asynq.TaskStateRetry)
	require.NoError(t, stop(t.Context()))
	require.InDelta(t, 1, q.metric(t, "asynq_tasks_sent_total", map[string]string{"task": "other", "queue": "default"}), 0)

	newer := openWith(t, q.cfg, noteSpec(func(s *taskqueue.Spec) { s.Name = "new-task" }))
	newer.serve(t, taskqueue.Handle("new-task", func(context.Context, taskqueue.Task[note]) error { return nil }))
	q.await(t, m.ID.String(), asynq.TaskStateCompleted)
}

func TestCriticalTasksAreTakenBeforeLowOnesAndDoNotStarveThem(t *testing.T) {
	t.Parallel()
	const each = 100
	names := []string{"critical", "low"}
	specs := make([]taskqueue.Spec, 0, len(names))
	handlers := make([]taskqueue.Handler, 0, len(names))
	var order journal
	for _, name := range names {
		specs = append(specs, noteSpec(func(s *taskqueue.Spec) { s.Name, s.Queue = name, name }))
		handlers = append(handlers, taskqueue.Handle(name, func(context.Context, taskqueue.Task[note]) error {
			order.note(name)
			return nil
		}))
	}
	q := openWith(t, func() taskqueue.Config {
		cfg := open(t).cfg
		cfg.Concurrency = 1
		return cfg
	}(), specs...)
	for range each {
		for _, name := range names {
			m := noteMessage("")
			m.Type, m.Topic = name, name
			require.NoError(t, q.Send(t.Context(), m))
		}
	}
	q.serve(t, handlers...)
	require.Eventually(t, func() bool { return len(order.all()) == 2*each }, noteSpan, 5*time.Millisecond)
	first := map[string]int{}
	for _, name := range order.all()[:70] {
		first[name]++
	}
	require.Greater(t, first["critical"], 45, "6 of 7 should be critical: %v", first)
	require.Positive(t, first["low"], "%v", first)
}

func TestRunRefusesTasksWithoutAFittingHandler(t *testing.T) {
	t.Parallel()
	run := func(context.Context, taskqueue.Task[note]) error { return nil }
	tests := []struct {
		name    string
		spec    taskqueue.Spec
		handler taskqueue.Handler
		want    string
	}{
		{"none", noteSpec(), taskqueue.Handle("other", run), "task note has no handler"},
		{"no compensation", noteSpec(saga), taskqueue.Handle(noteName, run), "handler says otherwise"},
		{"an unwanted compensation", noteSpec(), taskqueue.Saga(noteName, run, run), "handler says otherwise"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := taskqueue.NewServer(open(t, tt.spec).Client)
			server.Handle(tt.handler)
			require.ErrorContains(t, server.Run(t.Context()), tt.want)
		})
	}
}
