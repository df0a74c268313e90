// Package taskqueue runs a service's tasks: work that it gives itself for later. They wait in Redis, in the queues of
// Asynq.
//
// # What is promised
//
// A task is run at least once, by one worker at a time unless a worker is cut off from Redis. It is known by its id: that of
// its message, or `<task>/<tick>` when a schedule enqueued it. An id that is there already is not added again, and is
// remembered for the retention after the task is done. What a task does must bear being done twice; in a store,
// [Task.Unit] sees to that.
//
// An attempt that fails is tried again after a growing, partly random pause. When the error is a fault that a repetition
// cannot mend ([fault.NotFound], [fault.Invalid] and all other kinds but [fault.Internal] and [fault.Unavailable]), or
// when the last retry is used up, the task has failed for good: it goes to the queue's archive, where a person finds it.
// An attempt also fails when it takes longer than its timeout, when it panics, and when its process dies. A worker that
// stops lets its tasks finish, and gives those back that do not in time; that is no failure. Nor is what a task cannot do
// while a store of the service is away ([Deps.Stores]): it is postponed, for as long as that lasts, and loses no retry.
//
// # Compensation
//
// A step of a saga ([Saga]) that has failed for good is undone instead:
//
//  1. The failure is written down, in Redis, with the task. From here on no attempt runs the step again, whatever happens
//     and whoever asks: a step that succeeded after its compensation would be the worst of all outcomes.
//  2. The compensation runs, in the same attempt.
//  3. When it fails, or the process dies, the task is tried again with growing pauses, without end, and each attempt runs
//     the compensation alone. It is done when it succeeds, with the failure and what became of it as its result.
//
// Asynq's own limit of retries is therefore out of reach for such a task; MaxRetry counts here. An attempt whose
// process died counts too: when the last one did, the next begins with step 1. A compensation may run more than once, like any
// task; its [Task.Unit] has a key of its own, so that the undoing and what came before it are two effects. A payload that
// cannot be decoded names nothing to undo: such a task is archived at once.
package taskqueue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/hibiken/asynq"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/service/kernel/fault"
)

// Deps is what a queue reports to.
type Deps struct {
	// Registry takes the metrics.
	Registry prometheus.Registerer
	// Tracing takes a span for each task that is sent, and one for each attempt.
	Tracing trace.TracerProvider
	// Propagator writes the trace context into tasks, and reads it.
	Propagator propagation.TextMapPropagator
	// Log takes a line for each attempt.
	Log *slog.Logger
	// Stores returns an error while a store that the tasks work on is away. It is asked after an attempt that failed. Nil:
	// there is none.
	Stores func(context.Context) error
}

// Client enqueues tasks. Its methods may be called by several goroutines at once.
type Client struct {
	cfg        Config
	deps       Deps
	specs      specs
	redis      *redis.Client
	inner      *asynq.Client
	tracer     trace.Tracer
	sent       *prometheus.CounterVec
	unregister func()
}

// Open returns the queues of cfg, for the given tasks.
//
// It connects once, to refuse what waiting cannot mend: a wrong password, a database that does not exist. A server that
// does not answer is no error: the client connects when it is back, and until then [Client.Check] says what is wrong.
func Open(ctx context.Context, cfg Config, deps Deps, tasks ...Spec) (*Client, error) {
	known, err := newSpecs(tasks)
	if err != nil {
		return nil, err
	}
	options, err := cfg.redisOptions()
	if err != nil {
		return nil, err
	}
	// Every error that the driver would write to standard error it also returns.
	logging.Disable()
	connection := redis.NewClient(options)
	c := &Client{
		cfg:    cfg,
		deps:   deps,
		specs:  known,
		redis:  connection,
		inner:  asynq.NewClientFromRedisClient(connection),
		tracer: deps.Tracing.Tracer(instrumentation),
		sent:   newSentCounter(),
	}
	if c.unregister, err = register(deps.Registry, c.sent); err != nil {
		return nil, errors.Join(err, connection.Close())
	}
	if err := c.refused(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	c.warnAboutEviction(ctx)
	return c, nil
}

// refused returns the error with which the server turned a connection down.
func (c *Client) refused(ctx context.Context) error {
	err := c.Check(ctx)
	if err == nil {
		return nil
	}
	for _, answer := range []string{"WRONGPASS", "NOAUTH", "NOPERM", "ERR AUTH", "ERR DB index", "ERR invalid password"} {
		if strings.Contains(err.Error(), answer) {
			return err
		}
	}
	return nil
}

// warnAboutEviction says so when the server may throw tasks away. One that does not tell is believed.
func (c *Client) warnAboutEviction(ctx context.Context) {
	const policy = "maxmemory-policy"
	settings, err := c.redis.ConfigGet(ctx, policy).Result()
	if err != nil || settings[policy] == "" || settings[policy] == "noeviction" {
		return
	}
	c.deps.Log.WarnContext(ctx, "the Redis of the tasks may evict them when its memory is full: set "+policy+" to noeviction",
		"redis.maxmemory_policy", settings[policy])
}

// Check returns nil when the server answers.
func (c *Client) Check(ctx context.Context) error {
	if err := c.redis.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("redis %s: %w", c.cfg.Addr, err)
	}
	return nil
}

// Close ends all connections and takes the metrics back. Servers and schedulers of the client must have stopped.
func (c *Client) Close() error {
	c.unregister()
	return c.redis.Close()
}

// unavailableError marks an error of Redis, or of the way to it, as one that has nothing to do with the request.
type unavailableError struct {
	cause error
}

func (e *unavailableError) Error() string { return e.cause.Error() }

func (e *unavailableError) Unwrap() []error {
	return []error{fault.New(fault.Unavailable, "the task cannot be accepted at the moment; try again later"), e.cause}
}
