package kafka_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/components/kafka/platform/kafkatest"
	"create-service/templates/components/outbox/platform/relay"
	"create-service/templates/service/kernel/message"
)

const (
	// topic and deadLetters are what most tests work with, created by [created].
	topic       = "orders.order.v1"
	deadLetters = "orders.order.v1.shipping.order-created.dlq"
	// soon is when at the latest everything that a test waits for has happened.
	soon = 20 * time.Second
)

// TestMain takes the server of TEST_KAFKA_BROKERS, else one in this process.
func TestMain(m *testing.M) {
	const key = "TEST_KAFKA_BROKERS"
	if os.Getenv(key) != "" {
		os.Exit(m.Run())
	}
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.GroupMinSessionTimeout(time.Second))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := os.Setenv(key, strings.Join(cluster.ListenAddrs(), ",")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	cluster.Close()
	os.Exit(code)
}

// reported is a client and what it reports.
type reported struct {
	*kafka.Client
	registry *prometheus.Registry
	spans    *tracetest.SpanRecorder
	log      *journal
}

// open opens a client of the service "shipping", which the test closes.
func open(t testing.TB, cfg kafka.Config) *reported {
	t.Helper()
	r := &reported{registry: prometheus.NewRegistry(), spans: tracetest.NewSpanRecorder(), log: &journal{}}
	client, err := kafka.Open(t.Context(), cfg, kafka.Deps{
		Service:  "shipping",
		Registry: r.registry,
		Tracing:  sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(r.spans)),
		Log:      slog.New(slog.NewJSONHandler(r.log, nil)),
	})
	require.NoError(t, err)
	r.Client = client
	t.Cleanup(func() { require.NoError(t, client.Close(context.WithoutCancel(t.Context()))) })
	return r
}

// created returns the way to a server where the topics exist.
func created(t testing.TB, partitions int) kafka.Config {
	t.Helper()
	cfg := kafkatest.Config(t)
	cfg.LagInterval = 100 * time.Millisecond
	kafkatest.Create(t, cfg, kafka.Topic{Name: topic, Partitions: partitions}, kafka.Topic{Name: deadLetters, Partitions: 1})
	return cfg
}

// journal keeps what is logged.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// subscription is that of the tests' consumer.
func subscription(handle kafka.Handler) kafka.Subscription {
	return kafka.Subscription{Consumer: "order-created", Topic: topic, DeadLetters: deadLetters, Handle: handle}
}

// consume runs a consumer until the returned function is called, or the test ends.
func consume(t testing.TB, client *reported, handle kafka.Handler) (stop func()) {
	t.Helper()
	consumer := client.NewConsumer(subscription(handle))
	ended := make(chan error, 1)
	go func() { ended <- consumer.Run(context.WithoutCancel(t.Context())) }()
	stop = sync.OnceFunc(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), soon)
		defer cancel()
		require.NoError(t, consumer.Shutdown(ctx))
		require.NoError(t, <-ended)
	})
	t.Cleanup(stop)
	return stop
}

// seen collects the events that a handler has had the effect of.
type seen struct {
	mu     sync.Mutex
	events []kafka.Event
}

func (s *seen) handle(_ context.Context, e kafka.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, e)
	return nil
}

func (s *seen) all() []kafka.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]kafka.Event(nil), s.events...)
}

func (s *seen) ids() []string {
	var ids []string
	for _, e := range s.all() {
		ids = append(ids, e.ID)
	}
	return ids
}

// event is the nth of an aggregate.
func event(key string, n int) kafka.Event {
	return kafka.Event{
		ID:      fmt.Sprintf("%s-%d", key, n),
		Source:  "/orders",
		Type:    "orders.order.created.v1",
		Subject: key,
		Time:    time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC),
		Version: int64(n),
		Data:    json.RawMessage(`{"n":` + strconv.Itoa(n) + `}`),
	}
}

// outgoing is a committed message about the nth change of an aggregate.
func outgoing(key string, n int) relay.Outgoing {
	return relay.Outgoing{
		Place:   n,
		ID:      uuid.New(),
		Kind:    message.Event,
		Type:    "orders.order.created.v1",
		Topic:   topic,
		Key:     key,
		Version: int64(n),
		Time:    time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.UTC),
		Data:    json.RawMessage(`{"n":` + strconv.Itoa(n) + `}`),
	}
}

func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	require.Eventually(t, holds, soon, 10*time.Millisecond, what)
}

// value returns the sum of the series of a metric that have the label's value; any: all series.
func value(t testing.TB, registry *prometheus.Registry, name, labelValue string) (sum float64) {
	t.Helper()
	families, err := registry.Gather()
	require.NoError(t, err)
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, metric := range family.GetMetric() {
			fits := labelValue == "any"
			for _, label := range metric.GetLabel() {
				fits = fits || label.GetValue() == labelValue
			}
			if fits {
				sum += metric.GetGauge().GetValue() + metric.GetCounter().GetValue() + float64(metric.GetHistogram().GetSampleCount())
			}
		}
	}
	return sum
}
