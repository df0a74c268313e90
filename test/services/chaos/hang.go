package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	ordersv1 "github.com/acme/orders/api/proto/orders/v1"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace/noop"

	"create-service/templates/components/client-grpc/platform/grpcclient"
	"create-service/templates/components/client-rest/platform/httpclient"
	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/platform/config"

	"create-service/test/services/running"
)

// What happens around a peer that hangs. Each caller has a request of its own to answer, and so much time for it.
const (
	callers = 8
	pace    = 20 * time.Millisecond
	patient = time.Second
	warmUp  = time.Second
	// hanging is long enough for the breaker to try once, in vain.
	hanging = 10 * time.Second
	// well is how long nothing may fail after the peer is back.
	well = 2 * time.Second
	// slack is what a busy machine may add.
	slack = 250 * time.Millisecond
	// pause is BREAKER_PAUSE.
	pause = 5 * time.Second
)

// peer is orders as another service calls it.
type peer struct {
	protocol string
	call     func(ctx context.Context) error
	// healthy is an error while the breaker is open.
	healthy func(ctx context.Context) error
	close   func(ctx context.Context) error
}

// hang stops the process of orders while others call it, and lets it go on: callers fail within their time, the breaker
// opens, and closes by itself.
func hang(ctx context.Context, w *world, t *running.Table) error {
	id, err := w.client().create(ctx)
	if err != nil {
		return err
	}
	for _, open := range []func(*world, string) (peer, error){overGRPC, overREST} {
		p, err := open(w, id)
		if err != nil {
			return err
		}
		if err := errors.Join(p.hang(ctx, w, t), p.close(ctx)); err != nil {
			return err
		}
	}
	return nil
}

func overGRPC(w *world, id string) (peer, error) {
	var cfg grpcclient.Config
	if err := config.Load(&cfg, []string{"ADDR=" + w.orders.GRPC}); err != nil {
		return peer{}, err
	}
	conn, err := grpcclient.Open(cfg, grpcclient.Deps{
		Peer: "orders", Log: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry(),
		Tracing: noop.NewTracerProvider(), Propagator: propagation.TraceContext{},
		TLS: w.orders.TLS(), Token: w.token,
	})
	if err != nil {
		return peer{}, err
	}
	client := ordersv1.NewOrderServiceClient(conn)
	return peer{protocol: "gRPC", healthy: conn.Check, close: conn.Shutdown, call: func(ctx context.Context) error {
		_, err := client.GetOrder(ctx, &ordersv1.GetOrderRequest{Id: id})
		return err
	}}, nil
}

func overREST(w *world, id string) (peer, error) {
	var cfg httpclient.Config
	if err := config.Load(&cfg, []string{"URL=https://" + w.orders.API}); err != nil {
		return peer{}, err
	}
	client, err := httpclient.Open(cfg, httpclient.Deps{
		Peer: "orders", Log: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry(),
		Tracing: noop.NewTracerProvider(), Propagator: propagation.TraceContext{},
		TLS: w.orders.TLS(), Token: w.token,
	})
	if err != nil {
		return peer{}, err
	}
	request := httpclient.Request{Method: http.MethodGet, Route: "/v1/orders/{id}", Path: "/v1/orders/" + id}
	return peer{protocol: "REST", healthy: client.Check, close: client.Shutdown, call: func(ctx context.Context) error {
		_, err := client.Do(ctx, request)
		return err
	}}, nil
}

// token returns a token that opens the API of orders.
func (w *world) token(context.Context) (string, error) { return w.issuer.Token("orders.read"), nil }

// outcomes is what callers saw.
type outcomes struct {
	mu sync.Mutex
	// calls counts all, failed those without an answer, atOnce those that were not even made.
	calls, failed, atOnce int
	longest               time.Duration
	strange               error
}

func (o *outcomes) note(took time.Duration, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.calls++
	o.longest = max(o.longest, took)
	switch {
	case err == nil:
	case fault.KindOf(err) == fault.Unavailable:
		o.failed++
		o.atOnce++
	case errors.Is(err, context.DeadlineExceeded):
		o.failed++
	default:
		o.strange = err
	}
}

// failures is how many calls had no answer.
func (o *outcomes) failures() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.failed
}

// load calls the peer until ctx ends.
func (p peer) load(ctx context.Context, seen *outcomes) {
	var all sync.WaitGroup
	defer all.Wait()
	for range callers {
		all.Go(func() {
			for ctx.Err() == nil {
				request, cancel := context.WithTimeout(context.WithoutCancel(ctx), patient)
				began := time.Now()
				err := p.call(request)
				seen.note(time.Since(began), err)
				cancel()
				time.Sleep(pace)
			}
		})
	}
}

// until waits for the breaker and returns how long it took.
func (p peer) until(ctx context.Context, healthy bool, limit time.Duration) (time.Duration, error) {
	began := time.Now()
	for time.Since(began) < limit {
		if (p.healthy(ctx) == nil) == healthy {
			return time.Since(began), nil
		}
		time.Sleep(time.Millisecond)
	}
	return 0, fmt.Errorf("%s: the breaker is not as it should be after %s", p.protocol, limit)
}

func (p peer) hang(ctx context.Context, w *world, t *running.Table) error {
	seen := &outcomes{}
	loading, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.load(loading, seen)
	}()
	defer func() {
		stop()
		<-done
	}()
	time.Sleep(warmUp)
	if failed := seen.failures(); failed > 0 {
		return fmt.Errorf("%s: %d calls failed before anything happened", p.protocol, failed)
	}
	stopped := time.Now()
	if err := w.orders.Pause(); err != nil {
		return err
	}
	opened, err := p.until(ctx, false, 10*time.Second)
	time.Sleep(time.Until(stopped.Add(hanging)))
	if err := errors.Join(err, w.orders.Resume()); err != nil {
		return err
	}
	answered, err := p.answered(ctx)
	if err != nil {
		return err
	}
	time.Sleep(slack) // A half-open breaker closes after a few answers.
	before := seen.failures()
	time.Sleep(well)
	after := seen.failures()
	stop()
	<-done
	p.report(t, seen, opened, answered)
	t.Check(p.protocol+" peer goes on: breaker is closed", after == before, "%d calls failed in the next %s", after-before, well)
	return nil
}

// answered waits until calls succeed again and returns how long it took.
func (p peer) answered(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	for time.Since(began) < 30*time.Second {
		request, cancel := context.WithTimeout(ctx, patient)
		err := p.call(request)
		cancel()
		if err == nil {
			return time.Since(began), nil
		}
		time.Sleep(time.Millisecond)
	}
	return 0, fmt.Errorf("%s: no answer for 30s after the peer went on", p.protocol)
}

func (p peer) report(t *running.Table, seen *outcomes, opened, answered time.Duration) {
	round := func(d time.Duration) time.Duration { return d.Round(time.Millisecond) }
	t.Check(p.protocol+" peer hangs: time of callers", seen.longest <= patient-50*time.Millisecond+slack && seen.strange == nil,
		"longest of %d calls %s, allowed %s; %d failed, %d of them at once", seen.calls, round(seen.longest), patient, seen.failed, seen.atOnce)
	t.Check(p.protocol+" peer hangs: breaker opens", opened <= 3*patient+slack, "after %s, allowed %s", round(opened), 3*patient)
	t.Check(p.protocol+" peer goes on: answers again", answered <= pause+slack, "after %s, allowed %s", round(answered), pause)
}
