// Package trace_test follows one request through both example services: an order over REST or gRPC, in SQL, in the outbox,
// over Kafka to shipping, in its SQL and outbox, and as a task. All of it is one trace.
package trace_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	ordersv1 "github.com/acme/orders/api/proto/orders/v1"
	"github.com/google/uuid"
	"google.golang.org/grpc/metadata"

	"create-service/templates/components/auth/platform/issuertest"
	"create-service/templates/components/kafka/platform/kafkatest"
	"create-service/templates/components/mysql/platform/mysqltest"
	"create-service/templates/service/platform/otlptest"
	"create-service/templates/service/platform/redistest"
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
	testserver.Main(m, mysqltest.Server(), kafkatest.Server(), redistest.Server("ASYNQ_REDIS_ADDR"))
}

// pair is the two services on databases, topics and queues of a test's own.
type pair struct {
	orders, shipping *running.Service
	// token opens the API of orders.
	token string
	// topic is what orders tells shipping by.
	topic string
}

// start starts both, shipping as a consumer of what orders tells.
func start(t *testing.T, tracing ...string) pair {
	t.Helper()
	topics := kafkatest.Config(t)
	issuer := issuertest.Start(t, "orders")
	shared := slices.Concat(kafkatest.Environment(topics), issuer.Environment(), tracing)
	p := pair{
		orders:   build(t, "orders", shared),
		shipping: build(t, "shipping", shared),
		token:    issuer.Token("orders.write"),
		topic:    topics.TopicPrefix + "orders.order.v1",
	}
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
	environ = append(environ, redistest.Open(t).Environment("ASYNQ")...)
	environ = append(environ, redistest.Open(t).Environment("CACHE")...)
	s, err := running.Build(t.Context(), "..", t.TempDir(), name, environ...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// callers create an order, each over another API. Its first span, of a trace that the caller began, has the caller's name.
var callers = map[string]func(t *testing.T, p pair, traceparent string){
	"orders: POST /v1/orders": func(t *testing.T, p pair, traceparent string) {
		t.Helper()
		body := fmt.Sprintf(`{"customer_id": %q, "total": "12.50"}`, uuid.New())
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+p.orders.API+"/v1/orders", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header = http.Header{"Content-Type": {"application/json"}, "Traceparent": {traceparent}, "Authorization": {"Bearer " + p.token}}
		response, err := p.orders.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusCreated {
			t.Fatalf("POST /v1/orders: %d, %v", response.StatusCode, err)
		}
	},
	"orders: orders.v1.OrderService/CreateOrder": func(t *testing.T, p pair, traceparent string) {
		t.Helper()
		connection, err := p.orders.Dial()
		if err != nil {
			t.Fatal(err)
		}
		ctx := metadata.AppendToOutgoingContext(t.Context(), "traceparent", traceparent, "authorization", "Bearer "+p.token)
		order := &ordersv1.Order{CustomerId: new(uuid.NewString()), Total: new("12.50")}
		_, err = ordersv1.NewOrderServiceClient(connection).CreateOrder(ctx, &ordersv1.CreateOrderRequest{Order: order})
		if err := errors.Join(err, connection.Close()); err != nil {
			t.Fatal(err)
		}
	},
}

func TestOneTraceThroughBothServices(t *testing.T) {
	receiver := otlptest.Start(t)
	start(t, receiver.Environment()...).check(t, receiver.Spans)
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
	start(t, "OTEL_EXPORTER_OTLP_ENDPOINT=http://"+addr, "TRACE_BATCH_DELAY=100ms").check(t, otlptest.File(file))
}

// check creates an order over each API and waits for all that follows from it.
func (p pair) check(t *testing.T, source otlptest.Source) {
	t.Helper()
	for request, create := range callers {
		id := uuid.New()
		traceID := hex.EncodeToString(id[:])
		create(t, p, "00-"+traceID+"-00f067aa0ba902b7-01")
		own := only(source, traceID)
		event, shipped := "orders: send "+p.topic, "shipping: process "+p.topic
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
}

// only returns the spans of one trace.
func only(source otlptest.Source, traceID string) otlptest.Source {
	return func() ([]otlptest.Span, error) {
		spans, err := source()
		return slices.DeleteFunc(spans, func(s otlptest.Span) bool { return s.Trace != traceID }), err
	}
}
