package taskqueue_test

import (
	"context"
	"log/slog"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace/noop"

	"create-service/templates/components/asynq/platform/taskqueue"
	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/kernel/message"
	"create-service/templates/service/platform/config"
)

func deps() taskqueue.Deps {
	return taskqueue.Deps{
		Registry:   prometheus.NewRegistry(),
		Tracing:    noop.NewTracerProvider(),
		Propagator: propagation.TraceContext{},
		Log:        slog.New(slog.DiscardHandler),
	}
}

func TestOpenRefusesWhatWaitingCannotMend(t *testing.T) {
	t.Parallel()
	server := miniredis.RunT(t)
	server.RequireUserAuth("orders", "right")
	tests := []struct {
		name    string
		environ []string
		want    string
	}{
		{"the right account", []string{"ASYNQ_REDIS_USER=orders", "ASYNQ_REDIS_PASSWORD=right"}, ""},
		{"a wrong password", []string{"ASYNQ_REDIS_USER=orders", "ASYNQ_REDIS_PASSWORD=wrong"}, "WRONGPASS"},
		{"no password", nil, "NOAUTH"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, err := taskqueue.Open(t.Context(), quick(t, append(tt.environ, "ASYNQ_REDIS_ADDR="+server.Addr())...), deps())
			if tt.want != "" {
				require.ErrorContains(t, err, tt.want)
				require.NotContains(t, err.Error(), "right")
				return
			}
			require.NoError(t, err)
			require.NoError(t, c.Check(t.Context()))
			require.NoError(t, c.Close())
		})
	}
}

func TestAnOutageIsUnavailableAndEndsByItself(t *testing.T) {
	t.Parallel()
	server, err := miniredis.Run()
	require.NoError(t, err)
	addr := server.Addr()
	server.Close()
	c, err := taskqueue.Open(t.Context(), quick(t, "ASYNQ_REDIS_ADDR="+addr), deps(), noteSpec())
	require.NoError(t, err, "a server that is away is no reason not to start")
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	require.ErrorContains(t, c.Check(t.Context()), "redis "+addr)
	err = c.Send(t.Context(), noteMessage("x"))
	require.Equal(t, fault.Unavailable, fault.KindOf(err), "%v", err)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	err = c.Send(ended, noteMessage("x"))
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, fault.Internal, fault.KindOf(err), "the caller's own end is no outage")

	require.NoError(t, server.StartAddr(addr))
	t.Cleanup(server.Close)
	require.NoError(t, c.Send(t.Context(), noteMessage("x")))
	require.NoError(t, c.Check(t.Context()))
}

func TestAServerThatDoesNotAnswerHoldsUpNobodyForLong(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, silent.Close()) })
	cfg := quick(t, "ASYNQ_REDIS_ADDR="+silent.Addr().String(), "ASYNQ_REDIS_TIMEOUT=10s")
	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	c, err := taskqueue.Open(ctx, cfg, deps())
	require.NoError(t, err)
	require.Error(t, c.Check(ctx))
	require.NoError(t, c.Close())
	require.Less(t, time.Since(began), 5*time.Second)
}

func TestOpenRefusesWrongSpecs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		specs []taskqueue.Spec
		want  string
	}{
		{"no name", []taskqueue.Spec{noteSpec(func(s *taskqueue.Spec) { s.Name = "" })}, "a name and a queue"},
		{"no queue", []taskqueue.Spec{noteSpec(func(s *taskqueue.Spec) { s.Queue = "" })}, "a name and a queue"},
		{"no timeout", []taskqueue.Spec{noteSpec(func(s *taskqueue.Spec) { s.Timeout = 0 })}, "above zero"},
		{"no schedule", []taskqueue.Spec{noteSpec(func(s *taskqueue.Spec) { s.Cron = "at noon" })}, `schedule "at noon"`},
		{"twice", []taskqueue.Spec{noteSpec(), noteSpec()}, "twice"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := taskqueue.Open(t.Context(), quick(t), deps(), tt.specs...)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestSendRefusesWhatIsNoTask(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec())
	tests := []struct {
		name   string
		change func(*message.Message)
		want   string
	}{
		{"an event", func(m *message.Message) { m.Kind = message.Event }, "no task with an id"},
		{"no id", func(m *message.Message) { m.ID = uuid.Nil }, "no task with an id"},
		{"no type", func(m *message.Message) { m.Type = "" }, "needs a type"},
		{"no queue", func(m *message.Message) { m.Type, m.Topic = "unknown", "" }, "its queue"},
		{"no JSON", func(m *message.Message) { m.Data = make(chan int) }, "encode the payload"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := noteMessage("x")
			tt.change(&m)
			err := q.Send(t.Context(), m)
			require.ErrorContains(t, err, tt.want)
			require.Equal(t, fault.Internal, fault.KindOf(err))
		})
	}
}

func TestAMessageMayChooseItsQueue(t *testing.T) {
	t.Parallel()
	q := open(t, noteSpec())
	m, usual := noteMessage("x"), noteMessage("y")
	m.Topic, usual.Topic = "critical", ""
	require.NoError(t, q.Send(t.Context(), m, usual))
	_, err := q.inspector.GetTaskInfo("critical", m.ID.String())
	require.NoError(t, err)
	_, err = q.inspector.GetTaskInfo("default", usual.ID.String())
	require.NoError(t, err)
}

func TestAnEvictingServerIsWarnedAbout(t *testing.T) {
	t.Parallel()
	const warning = "the Redis of the tasks may evict them when its memory is full: set maxmemory-policy to noeviction"
	q := open(t)
	require.Empty(t, q.log.entries(t, warning))
	if err := q.redis.ConfigGet(t.Context(), "maxmemory-policy").Err(); err != nil {
		t.Skip("this server has no CONFIG: ", err)
	}
	// The setting is the whole server's, so it is given back at once.
	require.NoError(t, q.redis.ConfigSet(t.Context(), "maxmemory-policy", "allkeys-lru").Err())
	evicting := openWith(t, q.cfg)
	require.NoError(t, q.redis.ConfigSet(t.Context(), "maxmemory-policy", "noeviction").Err())
	lines := evicting.log.entries(t, warning)
	require.Len(t, lines, 1)
	require.Equal(t, "allkeys-lru", lines[0]["redis.maxmemory_policy"])
}

func TestConfigNamesEveryMistake(t *testing.T) {
	t.Parallel()
	tests := []struct {
		environ []string
		want    string
	}{
		{[]string{"ASYNQ_REDIS_ADDR=redis"}, "ASYNQ_REDIS_ADDR"},
		{[]string{"ASYNQ_REDIS_TLS=on"}, "ASYNQ_REDIS_TLS"},
		{[]string{"ASYNQ_REDIS_TLS_CA_FILE=/ca.pem"}, "ASYNQ_REDIS_TLS_CA_FILE"},
		{[]string{"ASYNQ_REDIS_USER=orders"}, "ASYNQ_REDIS_USER"},
		{[]string{"ASYNQ_RETRY_DELAY=2m", "ASYNQ_RETRY_DELAY_MAX=1m"}, "ASYNQ_RETRY_DELAY"},
		{[]string{"ASYNQ_CONCURRENCY=0"}, "ASYNQ_CONCURRENCY"},
		{nil, ""},
	}
	for _, tt := range tests {
		t.Run(strings.Join(tt.environ, " "), func(t *testing.T) {
			t.Parallel()
			var loaded struct{ Tasks taskqueue.Config }
			err := config.Load(&loaded, tt.environ)
			if tt.want == "" {
				require.NoError(t, err)
				require.Equal(t, 10, loaded.Tasks.Concurrency)
				require.Equal(t, 24*time.Hour, loaded.Tasks.Retention)
				return
			}
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestTLSIsVerified(t *testing.T) {
	t.Parallel()
	own, other := certificate(t), certificate(t)
	server := miniredis.NewMiniRedis()
	require.NoError(t, server.StartTLS(own.server))
	t.Cleanup(server.Close)
	tests := []struct {
		name    string
		caFile  string
		isWell  bool
		refused string
	}{
		{name: "by its authority", caFile: own.file, isWell: true},
		{name: "by another", caFile: other.file},
		{name: "by those of the system"},
		{name: "no such file", caFile: "/nowhere.pem", refused: "ASYNQ_REDIS_TLS_CA_FILE"},
		{name: "no certificate in it", caFile: os.DevNull, refused: "no certificate"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			environ := []string{"ASYNQ_REDIS_ADDR=" + server.Addr(), "ASYNQ_REDIS_TLS=verify", "ASYNQ_REDIS_TLS_CA_FILE=" + tt.caFile}
			c, err := taskqueue.Open(t.Context(), quick(t, environ...), deps())
			if tt.refused != "" {
				require.ErrorContains(t, err, tt.refused)
				return
			}
			require.NoError(t, err)
			if err := c.Check(t.Context()); tt.isWell != (err == nil) {
				t.Errorf("Check() = %v, want success %t", err, tt.isWell)
			}
			require.NoError(t, c.Close())
		})
	}
}
