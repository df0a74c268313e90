package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	catalogv1 "github.com/acme/catalog/api/proto/catalog/v1"
	ordersv1 "github.com/acme/orders/api/proto/orders/v1"
	"github.com/google/uuid"
	"github.com/twmb/franz-go/pkg/kgo"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"create-service/templates/components/auth/platform/issuertest"
	"create-service/templates/components/kafka/platform/kafka"
)

// client uses all that a place offers.
type client struct {
	base   string
	http   *http.Client
	grpc   *grpc.ClientConn
	token  string
	events *kgo.Client
	// prefix is what the names of topics begin with.
	prefix string
	// catalog is the connection to catalog, and catalogToken opens it; nil where it is not.
	catalog      *grpc.ClientConn
	catalogToken string
}

func newClient(p *place, issuer *issuertest.Issuer) (*client, error) {
	first := p.processes[0]
	connection, err := first.Dial()
	if err != nil {
		return nil, err
	}
	events, err := kgo.NewClient(kgo.SeedBrokers(p.brokers), kgo.RecordDeliveryTimeout(time.Second))
	if err != nil {
		return nil, err
	}
	c := &client{
		base: "https://" + first.API, http: first.Client(), grpc: connection,
		token:  issuer.Token("orders.read", "orders.write"),
		events: events, prefix: p.prefix(),
	}
	if p.catalog != nil {
		c.catalog, err = p.catalog.Dial()
		c.catalogToken = issuer.Sign(map[string]any{"aud": "catalog", "scope": "catalog.read catalog.write"})
	}
	return c, err
}

func (c *client) close() error {
	if c == nil {
		return nil
	}
	c.events.Close()
	if c.catalog != nil {
		return errors.Join(c.grpc.Close(), c.catalog.Close())
	}
	return c.grpc.Close()
}

// pace is the time between two rounds.
const pace = 500 * time.Millisecond

// load uses the service, a round at a time, until the context ends. What fails is what the alerts are about.
func (c *client) load(ctx context.Context) {
	ticker := time.NewTicker(pace)
	defer ticker.Stop()
	for ctx.Err() == nil {
		_ = c.round(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

// round creates orders over both APIs, pays them by a call and by an event, and reads them. One call has no token.
func (c *client) round(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	first, err := c.ask(ctx, http.MethodPost, "/v1/orders", c.token)
	return errors.Join(err,
		c.publish(ctx, orUnknown(first)),
		drop(c.ask(ctx, http.MethodGet, "/v1/orders/"+first, c.token)),
		drop(c.ask(ctx, http.MethodGet, "/v1/orders/"+first, c.token)),
		drop(c.ask(ctx, http.MethodGet, "/v1/orders?page_size=5", "")),
		drop(c.ask(ctx, http.MethodGet, "/v1/orders?page_size=5", c.token)),
		c.call(ctx),
		c.useCatalog(ctx, orUnknown(first)),
	)
}

func drop(_ string, err error) error { return err }

// ask sends a request and returns the id in the answer.
func (c *client) ask(ctx context.Context, method, path, token string) (string, error) {
	body := fmt.Sprintf(`{"customer_id": %q, "email": "somebody@example.com", "total": "12.50"}`, uuid.New())
	if method == http.MethodGet {
		body = ""
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader([]byte(body)))
	if err != nil {
		return "", err
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {uuid.NewString()}}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil || response.StatusCode >= http.StatusBadRequest {
		return "", errors.Join(err, fmt.Errorf("%s %s: %d", method, path, response.StatusCode))
	}
	var order struct {
		ID string `json:"id"`
	}
	err = json.Unmarshal(text, &order)
	return order.ID, err
}

// call lists orders over gRPC.
func (c *client) call(ctx context.Context) error {
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+c.token)
	orders := ordersv1.NewOrderServiceClient(c.grpc)
	_, err := orders.ListOrders(ctx, &ordersv1.ListOrdersRequest{PageSize: 5})
	return err
}

// useCatalog adds a product and reads it, and says to catalog that there is an order: it asks orders about it.
func (c *client) useCatalog(ctx context.Context, order string) error {
	if c.catalog == nil {
		return nil
	}
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+c.catalogToken)
	products := catalogv1.NewProductServiceClient(c.catalog)
	made, err := products.CreateProduct(ctx, &catalogv1.CreateProductRequest{
		Product: &catalogv1.Product{Sku: new(strings.ToUpper(rand.Text())), Title: new("A thing"), Price: new("12.50")},
	})
	if err == nil {
		_, err = products.GetProduct(ctx, &catalogv1.GetProductRequest{Id: made.GetId()})
	}
	return errors.Join(err, c.send(ctx, "orders.order.v1", "/orders", "orders.order.created.v1", order, `{"id": %q}`))
}

// unknownOrder is the id of an order that nobody created.
const unknownOrder = "01890a5d-ac96-774b-bcce-b302099a8057"

// orUnknown is for rounds without an order: while the database is away an event comes all the same.
func orUnknown(id string) string {
	if id == "" {
		return unknownOrder
	}
	return id
}

// publish says that an order was paid.
func (c *client) publish(ctx context.Context, order string) error {
	return c.send(ctx, "payments.payment.v1", "/payments", "payments.payment.captured.v1", order, `{"order_id": %q}`)
}

// send publishes an event about an order; data is a format that takes its id.
func (c *client) send(ctx context.Context, topic, source, kind, order, data string) error {
	event, err := json.Marshal(kafka.Event{
		ID: uuid.NewString(), Source: source, Type: kind, Subject: order, Time: time.Now(),
		Data: json.RawMessage(fmt.Sprintf(data, order)),
	})
	if err != nil {
		return err
	}
	return c.events.ProduceSync(ctx, &kgo.Record{Topic: c.prefix + topic, Key: []byte(order), Value: event}).FirstErr()
}
