// Package trace_test follows one request through both example services: an order over REST, in SQL, in the outbox, over
// Kafka to shipping, in its SQL and outbox, and as a task. All of it is one trace.
package trace_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"create-service/templates/components/asynq/platform/redistest"
	"create-service/templates/components/kafka/platform/kafkatest"
	"create-service/templates/components/mysql/platform/mysqltest"
	"create-service/templates/service/platform/otlptest"
	"create-service/templates/service/platform/testserver"

	"create-service/test/services/running"
)

// root is that of this repository.
const root = "../../.."

func TestMain(m *testing.M) {
	if err := os.Chdir(filepath.Join(root, "templates")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// The stand-ins are here.
	testserver.Main(m, mysqltest.Server(), kafkatest.Server(), redistest.Server())
}

// pair is the two services on databases, topics and queues of a test's own.
type pair struct {
	orders, shipping *running.Service
	// topic is what orders tells shipping by.
	topic string
}

// start starts both, shipping as a consumer of what orders tells.
func start(t *testing.T, collector string) pair {
	t.Helper()
	topics := kafkatest.Config(t)
	shared := append(kafkatest.Environment(topics), "OTEL_EXPORTER_OTLP_ENDPOINT="+collector, "TRACE_BATCH_DELAY=100ms")
	p := pair{orders: build(t, "orders", shared), shipping: build(t, "shipping", shared), topic: topics.TopicPrefix + "orders.order.v1"}
	for _, s := range []*running.Service{p.orders, p.shipping} {
		for _, command := range []string{"migrate", "topics"} {
			if err := s.Run(t.Context(), command); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, s := range []*running.Service{p.orders, p.shipping} {
		if err := s.Serve(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Stop(); err != nil {
				t.Error(err)
			}
		})
	}
	return p
}

func build(t *testing.T, name string, environ []string) *running.Service {
	t.Helper()
	environ = append(environ[:len(environ):len(environ)], mysqltest.Environment(mysqltest.Database(t))...)
	environ = append(environ, redistest.Open(t).TaskEnvironment()...)
	s, err := running.Build(t.Context(), "..", t.TempDir(), name, environ...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// order creates an order in a trace of the test's own, and returns the trace's id.
func (p pair) order(t *testing.T) (traceID string) {
	t.Helper()
	id := uuid.New()
	traceID = hex.EncodeToString(id[:])
	body := fmt.Sprintf(`{"customer_id": %q, "total": "12.50"}`, uuid.New())
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+p.orders.API+"/v1/orders", bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "Traceparent": {"00-" + traceID + "-00f067aa0ba902b7-01"}}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusCreated {
		t.Fatalf("POST /v1/orders: %d, %v", response.StatusCode, err)
	}
	return traceID
}

func TestOneTraceThroughBothServices(t *testing.T) {
	receiver := otlptest.Start(t)
	start(t, receiver.URL).checkTrace(t, receiver.Spans)
}

// The same as a real collector sees it.
func TestOneTraceInARealCollector(t *testing.T) {
	addr, file := os.Getenv("TEST_OTLP_ADDR"), os.Getenv("TEST_OTLP_TRACES")
	if addr == "" || file == "" {
		if os.Getenv("REQUIRE_REAL") == "1" {
			t.Fatal("TEST_OTLP_ADDR and TEST_OTLP_TRACES name no collector")
		}
		t.Skip("TEST_OTLP_ADDR and TEST_OTLP_TRACES name no collector")
	}
	start(t, "http://"+addr).checkTrace(t, otlptest.File(file))
}

// checkTrace creates an order and waits for all that follows from it.
func (p pair) checkTrace(t *testing.T, source otlptest.Source) {
	t.Helper()
	traceID := p.order(t)
	own := func() ([]otlptest.Span, error) {
		all, err := source()
		var spans []otlptest.Span
		for _, span := range all {
			if span.Trace == traceID {
				spans = append(spans, span)
			}
		}
		return spans, err
	}
	request, event, shipped := "orders: POST /v1/orders", "orders: send "+p.topic, "shipping: process "+p.topic
	otlptest.WantPath(t, own, request, "orders: INSERT orders")
	otlptest.WantPath(t, own, request, "orders: INSERT outbox")
	otlptest.WantPath(t, own, request, event, shipped, "shipping: INSERT shipments")
	otlptest.WantPath(t, own, request, event, shipped, "shipping: INSERT outbox")
	otlptest.WantPath(t, own, request, event, shipped, "shipping: send book-carrier", "shipping: process book-carrier", "shipping: UPDATE shipments")
	spans, err := own()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", otlptest.Tree(spans))
}
