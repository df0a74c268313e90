package taskqueue_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/stretchr/testify/require"

	"create-service/templates/components/asynq/platform/taskqueue"
	"create-service/templates/service/kernel/fault"
)

func saga(s *taskqueue.Spec) { s.Compensated = true }

// step returns a saga whose step fails with each of the failures in turn and then succeeds, and whose compensation does
// likewise. Both note what they do.
func step(j *journal, failures, obstacles []error) taskqueue.Handler {
	nth := func(list []error, n int) error {
		if n < len(list) {
			return list[n]
		}
		return nil
	}
	tried, undone := 0, 0
	return taskqueue.Saga(noteName, func(context.Context, taskqueue.Task[note]) error {
		tried++
		j.note("step " + strconv.Itoa(tried))
		return nth(failures, tried-1)
	}, func(context.Context, taskqueue.Task[note]) error {
		undone++
		j.note("undo " + strconv.Itoa(undone))
		return nth(obstacles, undone-1)
	})
}

func TestAStepThatSucceedsIsNotUndone(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec(saga))
	var j journal
	q.serve(t, step(&j, []error{errors.New("not yet"), errors.New("not yet")}, nil))
	require.Empty(t, q.await(t, q.send(t, "x"), asynq.TaskStateCompleted).Result)
	j.await(t, "step 1", "step 2", "step 3")
}

func TestAStepThatFailsForGoodIsUndone(t *testing.T) {
	t.Parallel()
	broken, away := errors.New("broken"), fault.New(fault.Unavailable, "away")
	tests := []struct {
		name      string
		failures  []error
		obstacles []error
		want      []string
		failed    string
	}{
		{
			name:     "a refusal",
			failures: []error{fault.New(fault.WrongState, "card refused")},
			want:     []string{"step 1", "undo 1"}, failed: "card refused",
		},
		{
			name:     "retries used up",
			failures: []error{broken, away, broken},
			want:     []string{"step 1", "step 2", "step 3", "undo 1"}, failed: "broken",
		},
		{
			name:      "undoing fails too, for longer than the step may",
			failures:  []error{fault.New(fault.Invalid, "no address")},
			obstacles: []error{away, broken, away, broken, fault.New(fault.NotFound, "gone")},
			want:      []string{"step 1", "undo 1", "undo 2", "undo 3", "undo 4", "undo 5", "undo 6"}, failed: "no address",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q := open(t, noteSpec(saga))
			var j journal
			q.serve(t, step(&j, tt.failures, tt.obstacles))
			info := q.await(t, q.send(t, "x"), asynq.TaskStateCompleted)
			require.Equal(t, tt.want, j.all())
			require.JSONEq(t, fmt.Sprintf(`{"failed": %q, "compensated": true}`, tt.failed), string(info.Result))
			outcomes := map[string]string{"outcome": "compensated"}
			require.InDelta(t, 1, q.metric(t, "asynq_task_duration_seconds", outcomes), 0)
			outcomes["outcome"] = "compensation-retry"
			require.InDelta(t, len(tt.obstacles), q.metric(t, "asynq_task_duration_seconds", outcomes), 0)
		})
	}
}

func TestAStepThatRunsOutOfTimeIsUndone(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec(saga, func(s *taskqueue.Spec) { s.MaxRetry, s.Timeout = 0, 100*time.Millisecond }))
	units := make(chan string, 2)
	q.serve(t, taskqueue.Saga(noteName, func(ctx context.Context, task taskqueue.Task[note]) error {
		units <- task.Unit().Once
		<-ctx.Done()
		return ctx.Err()
	}, func(ctx context.Context, task taskqueue.Task[note]) error {
		units <- task.Unit().Once
		return ctx.Err()
	}))
	id := q.send(t, "x")
	q.await(t, id, asynq.TaskStateCompleted)
	require.Equal(t, "task/note/"+id, <-units)
	require.Equal(t, "compensate/note/"+id, <-units)
}

func TestAnUnreadableStepIsArchivedAndNotUndone(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec(saga))
	var j journal
	q.serve(t, step(&j, nil, nil))
	m := noteMessage("")
	m.Data = []int{1}
	require.NoError(t, q.Send(t.Context(), m))
	q.await(t, m.ID.String(), asynq.TaskStateArchived)
	require.Empty(t, j.all())
}

// A worker dies while it undoes a step whose failure was final at once: the step must not be run again.
func TestAStepIsNeverRunAgainOnceItsFailureIsWrittenDown(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec(saga))
	var first journal
	undoing := make(chan struct{})
	stop := q.serve(t, taskqueue.Saga(noteName, func(context.Context, taskqueue.Task[note]) error {
		first.note("step")
		return fault.New(fault.WrongState, "card refused")
	}, func(ctx context.Context, _ taskqueue.Task[note]) error {
		first.note("undo")
		close(undoing)
		<-ctx.Done() // the end of the process
		return ctx.Err()
	}))
	id := q.send(t, "x")
	<-undoing
	q.kill(t, stop, id)

	next := openWith(t, q.cfg, noteSpec(saga))
	var second journal
	next.serve(t, step(&second, nil, nil))
	info := next.await(t, id, asynq.TaskStateCompleted)
	require.Equal(t, []string{"step", "undo"}, first.all())
	require.Equal(t, []string{"undo 1"}, second.all())
	require.JSONEq(t, `{"failed": "card refused", "compensated": true}`, string(info.Result))
}

// A worker dies in the last attempt, before it could say anything.
func TestAStepWhoseLastWorkerDiedIsUndone(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec(saga, once))
	began := make(chan struct{})
	stop := q.serve(t, taskqueue.Saga(noteName, func(ctx context.Context, _ taskqueue.Task[note]) error {
		close(began)
		<-ctx.Done()
		return ctx.Err()
	}, func(context.Context, taskqueue.Task[note]) error {
		t.Error("undone by the worker that died")
		return nil
	}))
	id := q.send(t, "x")
	<-began
	q.kill(t, stop, id)

	next := openWith(t, q.cfg, noteSpec(saga, once))
	var j journal
	next.serve(t, step(&j, nil, nil))
	info := next.await(t, id, asynq.TaskStateCompleted)
	require.Equal(t, []string{"undo 1"}, j.all())
	require.JSONEq(t, `{"failed": "the last attempt never ended", "compensated": true}`, string(info.Result))
}
