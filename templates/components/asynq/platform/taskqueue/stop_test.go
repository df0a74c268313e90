package taskqueue_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"create-service/templates/components/asynq/platform/taskqueue"
)

// kill makes a task look as if the process of its worker had died a while ago: it is in hand, nobody has it, and its
// lease has lapsed. (Asynq's leases last 30 s, and it waits 30 s more.)
func (q *queue) kill(t *testing.T, stop func(context.Context) error, id string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	inHand, err := q.redis.HGetAll(ctx, "asynq:{default}:t:"+id).Result()
	require.NoError(t, err)
	require.Equal(t, "active", inHand["state"])
	limit, cancel := context.WithTimeout(ctx, 3*time.Second+100*time.Millisecond)
	defer cancel()
	require.NoError(t, stop(limit))
	require.NoError(t, q.redis.LRem(ctx, "asynq:{default}:pending", 0, id).Err())
	require.NoError(t, q.redis.HSet(ctx, "asynq:{default}:t:"+id, inHand).Err())
	require.NoError(t, q.redis.LPush(ctx, "asynq:{default}:active", id).Err())
	lapsed := float64(time.Now().Add(-time.Minute).Unix())
	require.NoError(t, q.redis.ZAdd(ctx, "asynq:{default}:lease", redis.Z{Score: lapsed, Member: id}).Err())
}

func TestATaskWhoseWorkerDiedIsRunByAnother(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec())
	began := make(chan struct{})
	stop := q.serve(t, taskqueue.Handle(noteName, func(ctx context.Context, _ taskqueue.Task[note]) error {
		close(began)
		<-ctx.Done()
		return ctx.Err()
	}))
	id := q.send(t, "x")
	<-began
	q.kill(t, stop, id)

	next := openWith(t, q.cfg, noteSpec())
	var attempts journal
	next.serve(t, taskqueue.Handle(noteName, func(_ context.Context, task taskqueue.Task[note]) error {
		attempts.note(strconv.Itoa(task.Attempt))
		return nil
	}))
	require.Equal(t, 1, next.await(t, id, asynq.TaskStateCompleted).Retried)
	require.Equal(t, []string{"2"}, attempts.all())
}

func TestShutdownLetsTasksFinish(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec())
	began, finish := make(chan struct{}), make(chan struct{})
	stop := q.serve(t, taskqueue.Handle(noteName, func(ctx context.Context, _ taskqueue.Task[note]) error {
		close(began)
		<-finish
		return ctx.Err()
	}))
	id := q.send(t, "x")
	<-began
	late := noteMessage("late")
	time.AfterFunc(300*time.Millisecond, func() {
		_ = q.Send(context.WithoutCancel(t.Context()), late)
		time.Sleep(100 * time.Millisecond)
		close(finish)
	})
	limit, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, stop(limit))
	require.Equal(t, asynq.TaskStateCompleted, q.state(id))
	require.Equal(t, asynq.TaskStatePending, q.state(late.ID.String()), "a task was taken during the shutdown")
	require.NoError(t, limit.Err())
}

func TestShutdownGivesBackWhatDoesNotFinish(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec())
	began, ended := make(chan struct{}), make(chan error, 1)
	stop := q.serve(t, taskqueue.Handle(noteName, func(ctx context.Context, _ taskqueue.Task[note]) error {
		close(began)
		<-ctx.Done()
		ended <- ctx.Err()
		return ctx.Err()
	}))
	id := q.send(t, "x")
	<-began
	limit, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	require.NoError(t, stop(limit))
	require.NoError(t, limit.Err(), "the drain took all its time")
	require.ErrorIs(t, <-ended, context.Canceled)
	info := q.await(t, id, asynq.TaskStatePending)
	require.Zero(t, info.Retried, "being given back counted as a failure")
	require.Eventually(t, func() bool { return len(q.log.entries(t, "task was given back")) == 1 }, noteSpan, 5*time.Millisecond)
}

// A saga's step that is interrupted has not failed, also in its last attempt.
func TestShutdownUndoesNothing(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec(saga, once))
	began := make(chan struct{})
	stop := q.serve(t, taskqueue.Saga(noteName, func(ctx context.Context, _ taskqueue.Task[note]) error {
		close(began)
		<-ctx.Done()
		return ctx.Err()
	}, func(context.Context, taskqueue.Task[note]) error {
		t.Error("undone")
		return nil
	}))
	id := q.send(t, "x")
	<-began
	limit, cancel := context.WithTimeout(t.Context(), 4*time.Second)
	defer cancel()
	require.NoError(t, stop(limit))
	info := q.await(t, id, asynq.TaskStatePending)
	require.Empty(t, info.Result)
	require.Zero(t, info.Retried)
}

func TestAServerThatNeverRanStopsAtOnce(t *testing.T) {
	t.Parallel()
	require.NoError(t, taskqueue.NewServer(open(t, noteSpec()).Client).Shutdown(t.Context()))
}
