package integration_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/platform/config"
	"github.com/acme/orders/internal/platform/redistest"
	"github.com/acme/orders/internal/platform/relay"
	"github.com/acme/orders/internal/platform/taskqueue"
	"github.com/acme/orders/internal/platform/tasksender"
)

const (
	// probeName is a task that only these tests have.
	probeName  = "probe"
	probeQueue = "default"
	probeLimit = 30 * time.Second
)

func newProbe() message.Message {
	id := uuid.Must(uuid.NewV7())
	return message.Message{ID: id, Kind: message.Task, Type: probeName, Topic: probeQueue, Key: id.String(), Data: struct{}{}}
}

// probes notes the ids of the probes that a worker has run.
type probes struct {
	sender relay.Sender
	mu     sync.Mutex
	ids    []string
}

// send hands a probe to the worker past the outbox.
func (p *probes) send(t *testing.T, probe message.Message) {
	t.Helper()
	outgoing := relay.Outgoing{ID: probe.ID, Kind: probe.Kind, Type: probe.Type, Topic: probe.Topic, Key: probe.Key, Data: []byte("{}")}
	for _, err := range p.sender.Send(t.Context(), []relay.Outgoing{outgoing}) {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// forgetful is an outbox whose first note that something was sent is lost, as when the relay dies.
type forgetful struct {
	relay.Source
	notes atomic.Int32
}

func (f *forgetful) Sent(ctx context.Context, messages []relay.Outgoing) error {
	if len(messages) > 0 && f.notes.Add(1) == 1 {
		return errors.New("the note was lost")
	}
	return f.Source.Sent(ctx, messages)
}

// awaitSecondNote waits until something was sent again.
func (f *forgetful) awaitSecondNote(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(probeLimit); f.notes.Load() < 2; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing was sent again")
		}
	}
}

func (p *probes) run(_ context.Context, task taskqueue.Task[struct{}]) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ids = append(p.ids, task.ID)
	return nil
}

// times returns how often a probe was run.
func (p *probes) times(probe message.Message) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	count := 0
	for _, id := range p.ids {
		if id == probe.ID.String() {
			count++
		}
	}
	return count
}

// await waits until a probe was run.
func (p *probes) await(t *testing.T, probe message.Message) {
	t.Helper()
	for deadline := time.Now().Add(probeLimit); p.times(probe) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("task %s was not run in time", probe.ID)
		}
	}
}

// runTasks relays a store's tasks to queues of the test's own, and runs them, until the test ends.
func runTasks(t *testing.T, source relay.Source) *probes {
	t.Helper()
	var cfg struct {
		Tasks  taskqueue.Config
		Outbox relay.Config
	}
	if err := config.Load(&cfg, redistest.Open(t).Environment("ASYNQ")); err != nil {
		t.Fatal(err)
	}
	registry, log := prometheus.NewRegistry(), slog.New(slog.DiscardHandler)
	queues, err := taskqueue.Open(t.Context(), cfg.Tasks, taskqueue.Deps{
		Registry: registry, Tracing: noop.NewTracerProvider(), Propagator: propagation.TraceContext{}, Log: log,
	}, taskqueue.Spec{Name: probeName, Queue: probeQueue, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	sender := tasksender.New(queues, propagation.TraceContext{})
	ran := &probes{sender: sender}
	server := taskqueue.NewServer(queues)
	server.Handle(taskqueue.Handle(probeName, ran.run))
	outbox, err := relay.New(cfg.Outbox, message.Task, relay.Deps{
		Source: source, Sender: sender, Log: log, Registry: registry,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	running.Go(func() { _ = outbox.Run(ctx) })
	running.Go(func() { _ = server.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
		if err := queues.Close(); err != nil {
			t.Error(err)
		}
	})
	return ran
}
