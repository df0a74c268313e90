package main

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"create-service/templates/service/platform/otlptest"

	"create-service/test/services/running"
)

// probe measures, while nothing crashes, how long an order takes into the other service.
func probe(ctx context.Context, w *world, t *running.Table) error {
	const (
		probes  = 20
		allowed = 2 * time.Second
	)
	client := w.client()
	// The first one finds caches and connections cold.
	if _, err := w.shipped(ctx, client); err != nil {
		return err
	}
	took := make([]time.Duration, probes)
	for i := range took {
		var err error
		if took[i], err = w.shipped(ctx, client); err != nil {
			return err
		}
	}
	slices.Sort(took)
	median, longest := took[probes/2], took[probes-1]
	t.Check("order over REST, then in shipping", longest < allowed, "median %s, longest of %d %s, allowed %s",
		median.Round(time.Millisecond), probes, longest.Round(time.Millisecond), allowed)
	return nil
}

// shipped creates an order and returns how long it took from the request until shipping had it.
func (w *world) shipped(ctx context.Context, client *client) (time.Duration, error) {
	began := time.Now()
	text, err := client.create(ctx)
	if err != nil {
		return 0, err
	}
	id, err := uuid.Parse(text)
	if err != nil {
		return 0, err
	}
	for {
		found, err := w.shipping.number(ctx, "SELECT COUNT(*) FROM `shipments` WHERE `order_id` = ?", id[:])
		if err != nil || found > 0 {
			return time.Since(began), err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// trace follows one order, whose caller wants its trace, through both services.
func trace(ctx context.Context, w *world, t *running.Table) error {
	client := w.client()
	id := uuid.New()
	client.traceparent = "00-" + hex.EncodeToString(id[:]) + "-00f067aa0ba902b7-01"
	if _, err := w.shipped(ctx, client); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	spans, err := otlptest.Await(ctx, otlptest.File(w.traces),
		"orders: POST /v1/orders", "orders: send orders.order.v1", "shipping: process orders.order.v1", "shipping: INSERT shipments")
	if err != nil {
		t.Check("one trace over both", false, "%v", err)
		return nil
	}
	t.Check("one trace over both", spans[0].Trace == hex.EncodeToString(id[:]), "POST, send, process, INSERT in %s",
		spans[len(spans)-1].Ended.Sub(spans[0].Started).Round(time.Millisecond))
	return nil
}

// storm creates orders while the processes are killed again and again, and Kafka once.
func storm(ctx context.Context, w *world, t *running.Table) error {
	began, before := time.Now(), w.answered.size()
	crashes := []func() error{
		func() error {
			return w.crash(ctx, w.orders, before, w.kills, func(i int) error {
				if i%2 == 0 {
					return w.orders.Kill()
				}
				return w.killInBetween(ctx)
			})
		},
		func() error {
			return w.crash(ctx, w.shipping, before, w.shippingKills, func(int) error { return w.shipping.Kill() })
		},
		func() error {
			return errors.Join(w.await(ctx, before+w.options.orders/2), w.crashKafka(ctx))
		},
	}
	crashed := make(chan error, len(crashes))
	for _, crash := range crashes {
		go func() { crashed <- crash() }()
	}
	err := w.load(ctx)
	for range crashes {
		err = errors.Join(err, <-crashed)
	}
	if err != nil {
		return err
	}
	took := time.Since(began)
	t.Say("load", "%d orders by %d clients in %s, %.0f a second; %d requests", w.options.orders, w.workers, took.Round(time.Second),
		float64(w.options.orders)/took.Seconds(), w.answered.attempts)
	t.Say("killed meanwhile", "orders %d times, shipping %d times, Kafka once", w.kills, w.shippingKills)
	return nil
}

// crash kills a process at even distances of the load, and starts it again.
func (w *world) crash(ctx context.Context, d *deployment, before, kills int, kill func(i int) error) error {
	step := w.options.orders / (kills + 1)
	for i := range kills {
		if err := w.await(ctx, before+step*(i+1)); err != nil {
			return err
		}
		if err := kill(i); err != nil {
			return err
		}
		if err := d.Serve(ctx); err != nil {
			return err
		}
	}
	return nil
}

// killInBetween kills orders at the worst moment: Kafka has events, and the outbox does not know it yet. For that it locks
// the rows of events that wait to be sent, so that they can be read and sent, but not marked.
func (w *world) killInBetween(ctx context.Context) (err error) {
	tx, err := w.orders.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	const query = "SELECT COUNT(*) FROM (SELECT `seq` FROM `outbox` WHERE `kind` = 'event' AND `sent_at` IS NULL FOR UPDATE) AS `waiting`"
	for waiting := 0; waiting == 0; {
		if err := tx.QueryRowContext(ctx, query).Scan(&waiting); err != nil {
			return err
		}
	}
	var before int64
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		now, err := w.sent(ctx)
		switch {
		case err != nil: // Kafka is away.
		case before == 0:
			before = now
		case now > before:
			return w.orders.Kill()
		}
	}
	return w.orders.Kill()
}

// crashKafka keeps it away for a second, in which orders go on coming in.
func (w *world) crashKafka(ctx context.Context) error {
	if _, err := w.servers.Do(ctx, "kafka", "kill"); err != nil {
		return err
	}
	time.Sleep(time.Second)
	_, err := w.servers.Do(ctx, "kafka", "start")
	return err
}

// await waits until so many orders were answered.
func (w *world) await(ctx context.Context, count int) error {
	for w.answered.size() < count {
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of %d orders were answered: %w", w.answered.size(), count, ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
	return nil
}

// refusals sends orders that are refused inside their transaction: the limit of open ones is reached.
func refusals(ctx context.Context, w *world, t *running.Table) error {
	const count = 100
	if err := w.orders.Stop(); err != nil {
		return err
	}
	// There are more: those that were paid stay open.
	w.orders.Environ = append(w.orders.Environ, "MAX_OPEN_ORDERS=1")
	if err := w.orders.Serve(ctx); err != nil {
		return err
	}
	refused, client := 0, w.client()
	for range count {
		if _, err := client.create(ctx); errors.Is(err, errRefused) {
			refused++
		} else if err != nil {
			return err
		}
	}
	t.Check("orders above the limit", refused == count, "%d of %d refused and rolled back", refused, count)
	return nil
}
