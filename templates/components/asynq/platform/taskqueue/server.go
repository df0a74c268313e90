package taskqueue

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"
	"github.com/prometheus/client_golang/prometheus"
)

// Server runs the tasks of a client's queues.
type Server struct {
	client    *Client
	inner     *asynq.Server
	inspector *asynq.Inspector
	handlers  map[string]Handler
	durations *prometheus.HistogramVec
	// inHand is how many attempts are under way.
	inHand atomic.Int64
}

const (
	// giveBack is how long before the end of a drain the tasks that are still in hand are given back.
	giveBack = 3 * time.Second
	// lastWait is how long Asynq waits for them once more.
	lastWait = 500 * time.Millisecond
	// drainPoll is the time between two looks at what is in hand.
	drainPoll = 20 * time.Millisecond
)

// NewServer returns a server of the client's queues. It runs nothing before [Server.Run].
func NewServer(c *Client) *Server {
	s := &Server{
		client:    c,
		inspector: asynq.NewInspectorFromRedisClient(c.redis),
		handlers:  map[string]Handler{},
		durations: newDurations(),
	}
	s.inner = asynq.NewServerFromRedisClient(c.redis, asynq.Config{
		Concurrency:              c.cfg.Concurrency,
		Queues:                   c.specs.queues,
		RetryDelayFunc:           c.delay,
		IsFailure:                isFailure,
		TaskCheckInterval:        c.cfg.PollInterval,
		DelayedTaskCheckInterval: c.cfg.DelayInterval,
		ShutdownTimeout:          lastWait,
		ErrorHandler:             asynq.ErrorHandlerFunc(s.givenUp),
		Logger:                   logAdapter{log: c.deps.Log},
		LogLevel:                 asynq.WarnLevel,
	})
	return s
}

// Handle adds handlers. Call it before Run.
func (s *Server) Handle(handlers ...Handler) {
	for _, h := range handlers {
		s.handlers[h.name] = h
	}
}

// Fit returns an error unless each task has a handler that fits it.
func Fit(tasks []Spec, handlers []Handler) error {
	byName := map[string]Handler{}
	for _, h := range handlers {
		byName[h.name] = h
	}
	for _, spec := range tasks {
		h, ok := byName[spec.Name]
		if !ok {
			return fmt.Errorf("task %s has no handler", spec.Name)
		}
		if spec.Compensated != (h.compensate != nil) {
			return fmt.Errorf("task %s: Compensated is %t, and its handler says otherwise", spec.Name, spec.Compensated)
		}
	}
	return nil
}

// Run runs tasks until the context ends. It refuses to begin when the handlers do not [Fit] the tasks.
func (s *Server) Run(ctx context.Context) error {
	if err := Fit(s.client.specs.list, slices.Collect(maps.Values(s.handlers))); err != nil {
		return err
	}
	unregister, err := register(s.client.deps.Registry, s.durations, newCollector(s.inspector, s.client.specs.queues))
	if err != nil {
		return err
	}
	defer unregister()
	if err := s.inner.Start(asynq.HandlerFunc(s.process)); err != nil {
		return fmt.Errorf("start the task server: %w", err)
	}
	<-ctx.Done()
	s.inner.Shutdown()
	return ctx.Err()
}

// Shutdown takes no more tasks and waits for those in hand. Shortly before the context's deadline it gives back those that
// are left, for another worker to take at once; their handlers' contexts end.
func (s *Server) Shutdown(ctx context.Context) error {
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		s.inner.Stop()
		s.drain(ctx)
		s.inner.Shutdown()
	}()
	select {
	case <-stopped:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop the task server: %w", ctx.Err())
	}
}

// drain returns when nothing is in hand, or when it is time to give the rest back.
func (s *Server) drain(ctx context.Context) {
	if deadline, limited := ctx.Deadline(); limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-giveBack))
		defer cancel()
	}
	ticker := time.NewTicker(drainPoll)
	defer ticker.Stop()
	for s.inHand.Load() > 0 {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
