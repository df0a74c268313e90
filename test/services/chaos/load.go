package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
)

// ledger is what the clients know.
type ledger struct {
	mu sync.Mutex
	// created are the orders that were answered, paid those of them that were paid.
	created, paid set
	// attempts counts requests, with those that nobody answered.
	attempts int
}

func (l *ledger) note(in *set, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if *in == nil {
		*in = set{}
	}
	(*in)[id] = true
}

func (l *ledger) attempt() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.attempts++
}

// size is how many orders were answered.
func (l *ledger) size() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.created)
}

// client asks for orders as a careful caller does: with a key, and again when there is no answer.
type client struct {
	base   string
	http   *http.Client
	ledger *ledger
	// token is good for longer than a run takes.
	token string
	// traceparent goes with each request, unless it is empty.
	traceparent string
}

func (w *world) client() *client {
	return &client{
		base:   "https://" + w.orders.API,
		http:   w.orders.Client(),
		ledger: &w.answered,
		token:  w.issuer.Token("orders.read", "orders.write"),
	}
}

// errRefused says that the service answered, and did not do what was asked.
var errRefused = errors.New("refused")

// create creates one order and returns its id.
func (c *client) create(ctx context.Context) (string, error) {
	body := fmt.Sprintf(`{"customer_id": %q, "email": "somebody@example.com", "total": "12.50"}`, uuid.New())
	id, err := c.insist(ctx, "/v1/orders", body, http.StatusCreated)
	if err == nil {
		c.ledger.note(&c.ledger.created, id)
	}
	return id, err
}

// pay pays an order.
func (c *client) pay(ctx context.Context, id string) error {
	_, err := c.insist(ctx, "/v1/orders/"+id+"/pay", "", http.StatusOK)
	if err == nil {
		c.ledger.note(&c.ledger.paid, id)
	}
	return err
}

// insist sends a request under a key of its own until it is answered.
func (c *client) insist(ctx context.Context, path, body string, want int) (id string, err error) {
	key := uuid.NewString()
	for {
		id, err := c.send(ctx, path, key, body, want)
		if err == nil || errors.Is(err, errRefused) {
			return id, err
		}
		select {
		case <-ctx.Done():
			return "", errors.Join(ctx.Err(), err)
		case <-time.After(time.Duration(20+rand.IntN(80)) * time.Millisecond):
		}
	}
}

func (c *client) send(ctx context.Context, path, key, body string, want int) (id string, err error) {
	c.ledger.attempt()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader([]byte(body)))
	if err != nil {
		return "", err
	}
	request.Header = http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {key}, "Authorization": {"Bearer " + c.token}}
	if c.traceparent != "" {
		request.Header.Set("Traceparent", c.traceparent)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return "", err
	}
	if response.StatusCode != want {
		return "", refusal(response.StatusCode, text)
	}
	var order struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(text, &order); err != nil {
		return "", err
	}
	return order.ID, nil
}

// refusal tells an order that is not wanted from a service that cannot take any now.
func refusal(status int, text []byte) error {
	err := fmt.Errorf("%d: %s", status, bytes.TrimSpace(text))
	if bytes.Contains(text, []byte("too many orders are open")) || status < http.StatusInternalServerError && status != http.StatusTooManyRequests {
		return errors.Join(errRefused, err)
	}
	return err
}

// load creates the orders, so many at a time, and pays every fourth.
func (w *world) load(ctx context.Context) error {
	numbers := make(chan int)
	go func() {
		defer close(numbers)
		pace := time.NewTicker(time.Second / time.Duration(w.rate))
		defer pace.Stop()
		for i := range w.options.orders {
			<-pace.C
			numbers <- i
		}
	}()
	problems := make([]error, w.options.orders)
	var all sync.WaitGroup
	for range w.workers {
		all.Go(func() {
			client := w.client()
			for i := range numbers {
				problems[i] = client.order(ctx, i%4 == 0)
			}
		})
	}
	all.Wait()
	for i, problem := range problems {
		if problem != nil {
			return fmt.Errorf("order %d: %w", i, problem)
		}
	}
	return nil
}

func (c *client) order(ctx context.Context, paid bool) error {
	id, err := c.create(ctx)
	if err != nil || !paid {
		return err
	}
	return c.pay(ctx, id)
}
