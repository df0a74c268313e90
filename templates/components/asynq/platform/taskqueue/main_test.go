package taskqueue_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"create-service/templates/components/asynq/platform/taskqueue"
	"create-service/templates/service/kernel/message"
	"create-service/templates/service/platform/config"
	"create-service/templates/service/platform/redistest"
)

// The tests take the server of TEST_REDIS_ADDR, else one in this process.
func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if os.Getenv("TEST_REDIS_ADDR") != "" {
		return m.Run()
	}
	server, err := miniredis.Run()
	if err != nil {
		panic(err)
	}
	defer server.Close()
	go func() {
		// Its keys expire by this clock alone.
		for range time.Tick(50 * time.Millisecond) {
			server.FastForward(50 * time.Millisecond)
		}
	}()
	if err := os.Setenv("TEST_REDIS_ADDR", server.Addr()); err != nil {
		panic(err)
	}
	return m.Run()
}

// queue is a client on a database of its own, with all that it reports to.
type queue struct {
	*taskqueue.Client
	cfg       taskqueue.Config
	registry  *prometheus.Registry
	spans     *tracetest.SpanRecorder
	log       *buffer
	inspector *asynq.Inspector
	redis     *redis.Client
}

// quick are settings with which nothing takes long.
func quick(t testing.TB, environ ...string) taskqueue.Config {
	t.Helper()
	var loaded struct{ Tasks taskqueue.Config }
	environ = append([]string{
		"ASYNQ_POLL_INTERVAL=10ms", "ASYNQ_DELAY_INTERVAL=100ms", "ASYNQ_RETRY_DELAY=100ms", "ASYNQ_RETRY_DELAY_MAX=1s",
	}, environ...)
	require.NoError(t, config.Load(&loaded, environ))
	return loaded.Tasks
}

func open(t testing.TB, specs ...taskqueue.Spec) *queue {
	t.Helper()
	return openWith(t, quick(t, redistest.Open(t).Environment("ASYNQ")...), specs...)
}

// openWith returns a further client, such as that of another process.
func openWith(t testing.TB, cfg taskqueue.Config, specs ...taskqueue.Spec) *queue {
	t.Helper()
	return openOn(t, cfg, nil, specs...)
}

// openOn returns a client whose tasks work on stores.
func openOn(t testing.TB, cfg taskqueue.Config, stores func(context.Context) error, specs ...taskqueue.Spec) *queue {
	t.Helper()
	q := &queue{cfg: cfg, registry: prometheus.NewRegistry(), spans: tracetest.NewSpanRecorder(), log: &buffer{}}
	var err error
	q.Client, err = taskqueue.Open(t.Context(), cfg, taskqueue.Deps{
		Registry:   q.registry,
		Tracing:    sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(q.spans)),
		Propagator: propagation.TraceContext{},
		Log:        slog.New(slog.NewJSONHandler(q.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Stores:     stores,
	}, specs...)
	require.NoError(t, err)
	q.redis = redis.NewClient(&redis.Options{Addr: cfg.Addr, DB: cfg.DB})
	q.inspector = asynq.NewInspectorFromRedisClient(q.redis)
	t.Cleanup(func() {
		require.NoError(t, q.redis.Close())
		require.NoError(t, q.Close())
	})
	return q
}

// serve runs the handlers until the test ends, or until stop is called.
func (q *queue) serve(t testing.TB, handlers ...taskqueue.Handler) (stop func(context.Context) error) {
	t.Helper()
	server := taskqueue.NewServer(q.Client)
	server.Handle(handlers...)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- server.Run(ctx) }()
	var once sync.Once
	stop = func(limit context.Context) (err error) {
		once.Do(func() {
			err = server.Shutdown(limit)
			cancel()
			require.ErrorIs(t, <-ended, context.Canceled)
		})
		return err
	}
	t.Cleanup(func() {
		limit, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 5*time.Second)
		defer cancel()
		require.NoError(t, stop(limit))
	})
	return stop
}

// note is the payload of most tests.
type note struct {
	Text string `json:"text"`
}

const (
	noteName = "note"
	noteSpan = 20 * time.Second
)

func noteSpec(change ...func(*taskqueue.Spec)) taskqueue.Spec {
	spec := taskqueue.Spec{Name: noteName, Queue: "default", MaxRetry: 2, Timeout: 5 * time.Second}
	for _, f := range change {
		f(&spec)
	}
	return spec
}

func noteMessage(text string) message.Message {
	return message.Message{ID: uuid.Must(uuid.NewV7()), Kind: message.Task, Type: noteName, Topic: "default", Data: note{Text: text}}
}

// send enqueues a note and returns its id.
func (q *queue) send(t testing.TB, text string) string {
	t.Helper()
	m := noteMessage(text)
	require.NoError(t, q.Send(t.Context(), m))
	return m.ID.String()
}

// state returns the state of a task in the queue default; 0: it is not there.
func (q *queue) state(id string) asynq.TaskState {
	info, err := q.inspector.GetTaskInfo("default", id)
	if err != nil {
		return 0
	}
	return info.State
}

func (q *queue) await(t testing.TB, id string, want asynq.TaskState) *asynq.TaskInfo {
	t.Helper()
	require.Eventually(t, func() bool { return q.state(id) == want }, noteSpan, 5*time.Millisecond,
		"task %s does not become %s; the log:\n%s", id, want, q.log)
	info, err := q.inspector.GetTaskInfo("default", id)
	require.NoError(t, err)
	return info
}

// metric returns the value of a counter or gauge, or the count of a histogram, with the given label values.
func (q *queue) metric(t testing.TB, name string, labels map[string]string) float64 {
	t.Helper()
	families, err := q.registry.Gather()
	require.NoError(t, err)
	total := 0.0
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, m := range family.GetMetric() {
			fits := true
			for _, label := range m.GetLabel() {
				if want, asked := labels[label.GetName()]; asked && want != label.GetValue() {
					fits = false
				}
			}
			if fits {
				total += m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
			}
		}
	}
	return total
}

// journal notes what handlers did, in order.
type journal struct {
	mu      sync.Mutex
	entries []string
}

func (j *journal) note(entry string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries = append(j.entries, entry)
}

func (j *journal) all() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]string{}, j.entries...)
}

func (j *journal) await(t testing.TB, want ...string) {
	t.Helper()
	require.Eventually(t, func() bool { return len(j.all()) >= len(want) }, noteSpan, 5*time.Millisecond)
	require.Equal(t, want, j.all())
}

// buffer collects a log.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// entries returns the log lines with the given message.
func (b *buffer) entries(t testing.TB, text string) []map[string]any {
	t.Helper()
	var found []map[string]any
	for _, line := range bytes.Split([]byte(b.String()), []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		var entry map[string]any
		require.NoError(t, json.Unmarshal(line, &entry))
		if entry["msg"] == text {
			found = append(found, entry)
		}
	}
	return found
}
