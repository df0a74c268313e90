package tasksender_test

import (
	"encoding/json"
	"log/slog"
	"os"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/uuid"
	"github.com/hibiken/asynq"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"create-service/templates/components/asynq/platform/taskqueue"
	"create-service/templates/components/asynq/platform/tasksender"
	"create-service/templates/components/outbox/platform/relay"
	"create-service/templates/service/kernel/fault"
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
	if err := os.Setenv("TEST_REDIS_ADDR", server.Addr()); err != nil {
		panic(err)
	}
	return m.Run()
}

var _ relay.Sender = (*tasksender.Sender)(nil)

// open returns a sender, what it makes spans for, and a look into its queues.
func open(t *testing.T, environ ...string) (*tasksender.Sender, *tracetest.SpanRecorder, *asynq.Inspector) {
	t.Helper()
	var loaded struct{ Tasks taskqueue.Config }
	require.NoError(t, config.Load(&loaded, environ))
	spans := tracetest.NewSpanRecorder()
	queues, err := taskqueue.Open(t.Context(), loaded.Tasks, taskqueue.Deps{
		Registry:   prometheus.NewRegistry(),
		Tracing:    sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)),
		Propagator: propagation.TraceContext{},
		Log:        slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	inspector := asynq.NewInspector(asynq.RedisClientOpt{Addr: loaded.Tasks.Addr, DB: loaded.Tasks.DB})
	t.Cleanup(func() {
		require.NoError(t, inspector.Close())
		require.NoError(t, queues.Close())
	})
	return tasksender.New(queues, propagation.TraceContext{}), spans, inspector
}

const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

func outgoing() relay.Outgoing {
	return relay.Outgoing{
		ID: uuid.New(), Kind: message.Task, Type: "send-receipt", Topic: "default", Data: json.RawMessage(`{"order_id":"1"}`),
		Trace: map[string]string{"traceparent": parent},
	}
}

func TestATaskIsSentInTheTraceThatCommittedIt(t *testing.T) {
	t.Parallel()
	sender, spans, inspector := open(t, redistest.Open(t).Environment("ASYNQ")...)
	m := outgoing()
	require.Equal(t, []error{nil, nil}, sender.Send(t.Context(), []relay.Outgoing{m, m}), "sent twice, as after a crash")
	info, err := inspector.GetTaskInfo("default", m.ID.String())
	require.NoError(t, err)
	require.JSONEq(t, `{"order_id":"1"}`, string(info.Payload))
	sent := spans.Ended()[0]
	require.Equal(t, "0af7651916cd43dd8448eb211c80319c", sent.SpanContext().TraceID().String())
	require.Equal(t, "b7ad6b7169203331", sent.Parent().SpanID().String())
	require.Contains(t, info.Headers["traceparent"], sent.SpanContext().SpanID().String())
	tasks, err := inspector.ListPendingTasks("default")
	require.NoError(t, err)
	require.Len(t, tasks, 1)
}

func TestWhatIsNoTaskIsRefusedForGood(t *testing.T) {
	t.Parallel()
	sender, _, _ := open(t, redistest.Open(t).Environment("ASYNQ")...)
	event, nameless := outgoing(), outgoing()
	event.Kind, nameless.Type = message.Event, ""
	results := sender.Send(t.Context(), []relay.Outgoing{event, outgoing(), nameless})
	require.ErrorIs(t, results[0], relay.ErrPermanent)
	require.NoError(t, results[1])
	require.ErrorIs(t, results[2], relay.ErrPermanent)
}

func TestAnOutageIsNotForGood(t *testing.T) {
	t.Parallel()
	sender, _, _ := open(t, "ASYNQ_REDIS_ADDR=127.0.0.1:1")
	results := sender.Send(t.Context(), []relay.Outgoing{outgoing()})
	require.NotErrorIs(t, results[0], relay.ErrPermanent)
	require.Equal(t, fault.Unavailable, fault.KindOf(results[0]))
}
