package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// client reads orders and changes those that are its own, and knows how they must be.
type client struct {
	base   string
	http   *http.Client
	random *rand.Rand
	orders []order
	// failures are the requests that did not end well, with the reason of the last.
	failures int
	reason   error
	// stale counts the answers that were older than what this client had been told before.
	stale int
}

// order is one that this client alone changes.
type order struct {
	path    string
	version int64
}

// sample is how long one read took, and when it began.
type sample struct {
	began time.Time
	took  time.Duration
}

// changes is how many of a hundred requests change an order.
const changes = 3

// populate gives each client orders of its own.
func (w *world) populate(ctx context.Context) error {
	for n := range w.workers {
		c := &client{
			base:   "http://" + w.service.API,
			http:   &http.Client{Timeout: 20 * time.Second},
			random: rand.New(rand.NewPCG(1, uint64(n))),
		}
		w.clients = append(w.clients, c)
		for range w.orders / w.workers {
			if err := c.create(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// load lets all clients work until the context ends and returns how long the reads took.
func (w *world) load(ctx context.Context) []sample {
	starts := make(chan struct{}, w.workers)
	go func() {
		defer close(starts)
		pace := time.NewTicker(time.Second / time.Duration(w.rate))
		defer pace.Stop()
		for ctx.Err() == nil {
			<-pace.C
			// When all are busy the pace is lost, not kept for later: each request is timed from its beginning.
			select {
			case starts <- struct{}{}:
			default:
			}
		}
	}()
	samples := make([][]sample, w.workers)
	var all sync.WaitGroup
	for n, c := range w.clients {
		all.Go(func() {
			for range starts {
				if s, isRead := c.work(context.WithoutCancel(ctx)); isRead {
					samples[n] = append(samples[n], s)
				}
			}
		})
	}
	all.Wait()
	var joined []sample
	for _, some := range samples {
		joined = append(joined, some...)
	}
	return joined
}

// work does one request.
func (c *client) work(ctx context.Context) (s sample, isRead bool) {
	o := &c.orders[c.random.IntN(len(c.orders))]
	began := time.Now()
	var err error
	if isRead = c.random.IntN(100) >= changes; isRead {
		err = c.read(ctx, o)
	} else {
		err = c.change(ctx, o)
	}
	if err != nil {
		c.failures++
		c.reason = err
	}
	return sample{began: began, took: time.Since(began)}, isRead
}

func (c *client) create(ctx context.Context) error {
	body := `{"customer_id": "0190a6c2-7b1e-7d3a-9f00-00000000000a", "email": "somebody@example.com", "total": "12.50", "note": "first"}`
	response, version, err := c.send(ctx, http.MethodPost, "/v1/orders", body, 0)
	if err != nil {
		return err
	}
	c.orders = append(c.orders, order{path: response.Get("Location"), version: version})
	return nil
}

func (c *client) read(ctx context.Context, o *order) error {
	_, version, err := c.send(ctx, http.MethodGet, o.path, "", 0)
	if err == nil && version < o.version {
		c.stale++
	}
	return err
}

func (c *client) change(ctx context.Context, o *order) error {
	_, version, err := c.send(ctx, http.MethodPatch, o.path, fmt.Sprintf(`{"note": "change %d"}`, c.random.Int()), o.version)
	if err == nil {
		o.version = version
	}
	return err
}

// send sends a request and returns the version that the answer shows.
func (c *client) send(ctx context.Context, method, path, body string, version int64) (http.Header, int64, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader([]byte(body)))
	if err != nil {
		return nil, 0, err
	}
	switch method {
	case http.MethodPost:
		request.Header.Set("Content-Type", "application/json")
	case http.MethodPatch:
		request.Header.Set("Content-Type", "application/merge-patch+json")
		request.Header.Set("If-Match", `"`+strconv.FormatInt(version, 10)+`"`)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, 0, err
	}
	text, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		return nil, 0, err
	}
	if response.StatusCode >= http.StatusBadRequest {
		return nil, 0, fmt.Errorf("%s %s: %d: %s", method, path, response.StatusCode, bytes.TrimSpace(text))
	}
	var shown struct {
		Version int64 `json:"version,string"`
	}
	err = json.Unmarshal(text, &shown)
	return response.Header, shown.Version, err
}
