package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"create-service/test/services/running"
)

// settle waits until nothing is on its way any more.
func settle(ctx context.Context, w *world, t *running.Table) error {
	began := time.Now()
	for {
		waiting, err := w.waiting(ctx)
		if err != nil {
			return err
		}
		if waiting == "" {
			t.Say("all of it delivered", "%s after the last order", time.Since(began).Round(time.Second))
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("still on its way: %s", waiting)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// waiting says what is on its way; "" when nothing is.
func (w *world) waiting(ctx context.Context) (string, error) {
	for _, d := range w.deployments() {
		unsent, err := d.number(ctx, "SELECT COUNT(*) FROM `outbox` WHERE `sent_at` IS NULL AND `parked_at` IS NULL")
		if err != nil || unsent > 0 {
			return fmt.Sprintf("%d messages of %s", unsent, d.Name), err
		}
	}
	lag, err := w.lag(ctx)
	if err != nil || lag > 0 {
		return fmt.Sprintf("%d events that were not handled", lag), err
	}
	for _, d := range w.deployments() {
		tasks, err := w.tasks(d)
		if err != nil || tasks.due > 0 {
			return fmt.Sprintf("%d tasks of %s", tasks.due, d.Name), err
		}
	}
	return "", nil
}

// audit compares what the clients were told with what is there.
func audit(ctx context.Context, w *world, t *running.Table) error {
	stored, err := w.orders.texts(ctx, "SELECT LOWER(HEX(`id`)) FROM `orders`")
	if err != nil {
		return err
	}
	committed, created := setOf(stored), plain(w.answered.created)
	t.Check("orders in the database", len(stored) == len(created) && created.without(committed) == 0,
		"%d answered, %d committed, %d lost, %d twice", len(created), len(stored), created.without(committed), committed.without(created))
	audits := []func(context.Context, *running.Table, set) error{w.auditEvents, w.auditShipments, w.auditTasks, w.auditPayments, w.auditFailures}
	for _, of := range audits {
		if err := of(ctx, t, committed); err != nil {
			return err
		}
	}
	return nil
}

// auditEvents checks that every committed order was told of at least once, in order, and no other.
func (w *world) auditEvents(ctx context.Context, t *running.Table, committed set) error {
	events, err := w.events(ctx)
	if err != nil {
		return err
	}
	ids, created, versions, disordered := set{}, set{}, map[string]int64{}, 0
	for _, e := range events {
		if strings.HasSuffix(e.Type, ".created.v1") {
			created[compact(e.Subject)] = true
		}
		if !ids[e.ID] && e.Data.Version <= versions[e.Subject] {
			disordered++
		}
		ids[e.ID] = true
		versions[e.Subject] = max(versions[e.Subject], e.Data.Version)
	}
	t.Check("events delivered at least once", committed.without(created) == 0 && created.without(committed) == 0,
		"%d events, of them %d again; %d orders without, %d without an order", len(events), len(events)-len(ids), committed.without(created), created.without(committed))
	t.Check("events of one order in order", disordered == 0, "%d out of order", disordered)
	return nil
}

// auditShipments checks that shipping has each order once.
func (w *world) auditShipments(ctx context.Context, t *running.Table, committed set) error {
	rows, err := w.shipping.texts(ctx, "SELECT LOWER(HEX(`order_id`)) FROM `shipments`")
	if err != nil {
		return err
	}
	shipped := setOf(rows)
	t.Check("applied exactly once", len(rows) == len(shipped) && committed.without(shipped) == 0 && shipped.without(committed) == 0,
		"%d shipments; %d orders without, %d twice, %d without an order", len(rows), committed.without(shipped), len(rows)-len(shipped), shipped.without(committed))
	return nil
}

// auditPayments checks that an order that was not paid in time was cancelled, and no other.
func (w *world) auditPayments(ctx context.Context, t *running.Table, committed set) error {
	states := map[string]set{}
	for _, state := range []string{"paid", "cancelled"} {
		ids, err := w.orders.texts(ctx, "SELECT LOWER(HEX(`id`)) FROM `orders` WHERE `state` = '"+state+"'")
		if err != nil {
			return err
		}
		states[state] = setOf(ids)
	}
	paid, cancelled := plain(w.answered.paid), states["cancelled"]
	t.Check("unpaid orders cancelled", paid.without(states["paid"]) == 0 && len(paid)+len(cancelled) == len(committed),
		"%d paid, %d cancelled; %d paid ones are not, %d in neither state", len(paid), len(cancelled), paid.without(states["paid"]), len(committed)-len(states["paid"])-len(cancelled))
	return nil
}

// auditFailures checks that nothing was set aside.
func (w *world) auditFailures(ctx context.Context, t *running.Table, _ set) error {
	dead, err := w.deadLetters(ctx)
	if err != nil {
		return err
	}
	parked, archived := 0, 0
	for _, d := range w.deployments() {
		n, err := d.number(ctx, "SELECT COUNT(*) FROM `outbox` WHERE `parked_at` IS NOT NULL")
		if err != nil {
			return err
		}
		tasks, err := w.tasks(d)
		if err != nil {
			return err
		}
		parked, archived = parked+n, archived+tasks.archived
	}
	t.Check("nothing given up", dead == 0 && parked == 0 && archived == 0, "%d dead letters, %d parked messages, %d archived tasks", dead, parked, archived)
	return nil
}

// auditTasks checks that there was one task for everything that wants one, and no other.
func (w *world) auditTasks(ctx context.Context, t *running.Table, committed set) error {
	shipments, err := w.shipping.texts(ctx, "SELECT LOWER(HEX(`id`)) FROM `shipments`")
	if err != nil {
		return err
	}
	for _, expected := range []struct {
		from *deployment
		kind string
		of   set
	}{
		{w.orders, "send-receipt", committed},
		{w.orders, "await-payment", committed},
		{w.shipping, "book-carrier", setOf(shipments)},
	} {
		tasks, err := w.tasks(expected.from)
		if err != nil {
			return err
		}
		about, done := tasks.of(expected.kind)
		subjects := setOf(about)
		lost, twice, phantom := expected.of.without(subjects), len(about)-len(subjects), subjects.without(expected.of)
		t.Check("task "+expected.kind, lost+twice+phantom == 0 && done == len(about),
			"%d tasks, %d of them done; %d lost, %d twice, %d for nothing", len(about), done, lost, twice, phantom)
	}
	return nil
}
