package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

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
	topic  string
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
	return &client{
		base: "https://" + first.API, http: first.Client(), grpc: connection,
		token:  issuer.Token("orders.read", "orders.write"),
		events: events, topic: p.prefix() + "payments.payment.v1",
	}, nil
}

func (c *client) close() error {
	if c == nil {
		return nil
	}
	c.events.Close()
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

// call lists orders over gRPC and pays one of them.
func (c *client) call(ctx context.Context) error {
	ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+c.token)
	orders := ordersv1.NewOrderServiceClient(c.grpc)
	_, err := orders.ListOrders(ctx, &ordersv1.ListOrdersRequest{PageSize: 5})
	return err
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
	event, err := json.Marshal(kafka.Event{
		ID: uuid.NewString(), Source: "/payments", Type: "payments.payment.captured.v1", Subject: order, Time: time.Now(),
		Data: json.RawMessage(fmt.Sprintf(`{"order_id": %q}`, order)),
	})
	if err != nil {
		return err
	}
	return c.events.ProduceSync(ctx, &kgo.Record{Topic: c.topic, Key: []byte(order), Value: event}).FirstErr()
}
