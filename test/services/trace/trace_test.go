// Package trace_test follows one request through the example services: an order over REST or gRPC, in SQL, in the outbox,
// over Kafka to shipping, in its SQL and outbox, and as a task; and over Kafka to catalog, which asks orders about it over
// gRPC and counts it in MongoDB. All of it is one trace.
package trace_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	catalogv1 "github.com/acme/catalog/api/proto/catalog/v1"
	ordersv1 "github.com/acme/orders/api/proto/orders/v1"
	"github.com/google/uuid"
	"google.golang.org/grpc/metadata"

	"create-service/templates/components/auth/platform/issuertest"
	"create-service/templates/components/kafka/platform/kafkatest"
	"create-service/templates/components/mongodb/platform/mongotest"
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
	testserver.Main(m, mysqltest.Server(), mongotest.Server(), kafkatest.Server(), redistest.Server("ASYNQ_REDIS_ADDR"))
}

// deployment is the services on databases, topics and queues of a test's own. They speak mutual TLS with one another.
type deployment struct {
	orders, shipping, catalog *running.Service
	issuer                    *issuertest.Issuer
	// topic is what orders tells shipping by.
	topic string
}

// start starts them all, shipping and catalog as consumers of what orders tells.
func start(t *testing.T, tracing ...string) *deployment {
	t.Helper()
	topics := kafkatest.Config(t)
	d := &deployment{issuer: issuertest.Start(t, "orders"), topic: topics.TopicPrefix + "orders.order.v1"}
	dir, shared := t.TempDir(), slices.Concat(kafkatest.Environment(topics), d.issuer.Environment(), tracing)
	d.orders = build(t, dir, "orders", slices.Concat(shared, onMySQL(t)))
	d.shipping = build(t, dir, "shipping", slices.Concat(shared, onMySQL(t)))
	d.catalog = build(t, dir, "catalog", slices.Concat(shared, mongotest.Environment(mongotest.Database(t)), []string{
		"ORDERS_ADDR=dns:///" + byName(t, d.orders.GRPC),
	}))
	all := []*running.Service{d.orders, d.shipping, d.catalog}
	for _, s := range all {
		for _, command := range []string{"migrate", "topics"} {
			if err := s.Run(t.Context(), command); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, s := range all {
		if err := s.Serve(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := s.Stop(); err != nil {
				t.Error(err)
			}
		})
	}
	return d
}

// build compiles a service into dir; those that are there trust one another.
func build(t *testing.T, dir, name string, environ []string) *running.Service {
	t.Helper()
	s, err := running.Build(t.Context(), "..", dir, name, environ...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func onMySQL(t *testing.T) []string {
	t.Helper()
	return slices.Concat(mysqltest.Environment(mysqltest.Database(t)),
		redistest.Open(t).Environment("ASYNQ"), redistest.Open(t).Environment("CACHE"))
}

// byName is an address with the name that certificates have for this machine.
func byName(t *testing.T, addr string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	return net.JoinHostPort("localhost", port)
}

// newProduct adds a product to the catalog and returns its id.
func (d *deployment) newProduct(t *testing.T) string {
	t.Helper()
	made, err := d.products(t).CreateProduct(d.toCatalog(t), &catalogv1.CreateProductRequest{
		Product: &catalogv1.Product{Sku: new(strings.ToUpper(rand.Text())), Title: new("A thing"), Price: new("12.50")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return made.GetId()
}

// wantOrdered waits until the catalog has counted so many orders of a product.
func (d *deployment) wantOrdered(t *testing.T, product string, want int64) {
	t.Helper()
	client := d.products(t)
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		got, err := client.GetProduct(d.toCatalog(t), &catalogv1.GetProductRequest{Id: product})
		if err == nil && got.GetOrdered() == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the catalog counts %d orders of the product (%v), want %d; see %s", got.GetOrdered(), err, want, d.catalog.Log)
		}
	}
}

func (d *deployment) products(t *testing.T) catalogv1.ProductServiceClient {
	t.Helper()
	connection, err := d.catalog.Dial()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return catalogv1.NewProductServiceClient(connection)
}

// toCatalog returns a context with a token that opens the API of catalog.
func (d *deployment) toCatalog(t *testing.T) context.Context {
	t.Helper()
	token := d.issuer.Sign(map[string]any{"aud": "catalog", "scope": "catalog.read catalog.write"})
	return metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+token)
}

// callers create an order, each over another API. Its first span, of a trace that the caller began, has the caller's name.
var callers = map[string]func(t *testing.T, d *deployment, product, traceparent string){
	"orders: POST /v1/orders": func(t *testing.T, d *deployment, product, traceparent string) {
		t.Helper()
		body := fmt.Sprintf(`{"customer_id": %q, "product_id": %q, "total": "12.50"}`, uuid.New(), product)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+d.orders.API+"/v1/orders", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header = http.Header{"Content-Type": {"application/json"}, "Traceparent": {traceparent}, "Authorization": {"Bearer " + d.issuer.Token("orders.write")}}
		response, err := d.orders.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusCreated {
			t.Fatalf("POST /v1/orders: %d, %v", response.StatusCode, err)
		}
	},
	"orders: orders.v1.OrderService/CreateOrder": func(t *testing.T, d *deployment, product, traceparent string) {
		t.Helper()
		connection, err := d.orders.Dial()
		if err != nil {
			t.Fatal(err)
		}
		ctx := metadata.AppendToOutgoingContext(t.Context(), "traceparent", traceparent, "authorization", "Bearer "+d.issuer.Token("orders.write"))
		order := &ordersv1.Order{CustomerId: new(uuid.NewString()), ProductId: &product, Total: new("12.50")}
		_, err = ordersv1.NewOrderServiceClient(connection).CreateOrder(ctx, &ordersv1.CreateOrderRequest{Order: order})
		if err := errors.Join(err, connection.Close()); err != nil {
			t.Fatal(err)
		}
	},
}

func TestOneTraceThroughAllServices(t *testing.T) {
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
func (d *deployment) check(t *testing.T, source otlptest.Source) {
	t.Helper()
	product := d.newProduct(t)
	var orders int64
	for request, create := range callers {
		id := uuid.New()
		traceID := hex.EncodeToString(id[:])
		create(t, d, product, "00-"+traceID+"-00f067aa0ba902b7-01")
		own := only(source, traceID)
		event, shipped := "orders: send "+d.topic, "shipping: process "+d.topic
		otlptest.WantPath(t, own, request, "orders: INSERT orders")
		otlptest.WantPath(t, own, request, "orders: INSERT outbox")
		otlptest.WantPath(t, own, request, event, shipped, "shipping: INSERT shipments")
		otlptest.WantPath(t, own, request, event, shipped, "shipping: INSERT outbox")
		otlptest.WantPath(t, own, request, event, shipped, "shipping: send book-carrier", "shipping: process book-carrier", "shipping: UPDATE shipments")
		counted := "catalog: process " + d.topic
		otlptest.WantPath(t, own, request, event, counted, "catalog: orders.v1.OrderService/GetOrder", "orders: orders.v1.OrderService/GetOrder")
		otlptest.WantPath(t, own, request, event, counted, "catalog: update products")
		orders++
		d.wantOrdered(t, product, orders)
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
