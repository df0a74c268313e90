package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"create-service/templates/components/tls/platform/certtest"
	"create-service/test/services/running"
)

// fault is what goes wrong in one place.
type fault struct {
	namespace string
	// what says it in words.
	what string
	// mysql and kafka say that the place's server is one that is stopped.
	mysql, kafka bool
	// apart says that server and worker are processes of their own.
	apart bool
	// catalog says that the service catalog, which calls orders, is there too.
	catalog bool
	// alerts are those that must fire, by their name and one of their labels: "DependencyDown mysql". Others may fire too.
	alerts []string
	// cause brings it about.
	cause func(ctx context.Context, w *world, p *place) error
}

// ends is when the certificate ends that is put in place: after the alert, and before the run is over.
const ends = 5 * time.Minute

// faults are all of them; the first is none.
func faults() []fault {
	return []fault{
		{
			namespace: "steady", what: "nothing", apart: true,
			cause: func(context.Context, *world, *place) error { return nil },
		},
		{
			namespace: "database", what: "MySQL is stopped", mysql: true,
			alerts: []string{"DependencyDown mysql", "ErrorBudgetBurnsFast availability", "ConsumerStalled database.orders.payment-captured"},
			cause: func(ctx context.Context, w *world, _ *place) error {
				_, err := w.doomed.Do(ctx, "mariadb", "stop")
				return err
			},
		},
		{
			namespace: "broker", what: "Kafka is stopped", kafka: true,
			alerts: []string{"DependencyDown kafka", "OutboxStalled event"},
			cause: func(ctx context.Context, w *world, _ *place) error {
				_, err := w.doomed.Do(ctx, "kafka", "stop")
				return err
			},
		},
		{
			namespace: "worker", what: "the worker is killed", apart: true,
			alerts: []string{"WorkerDown worker", "ProcessDown worker"},
			cause:  func(_ context.Context, _ *world, p *place) error { return p.processes[1].Kill() },
		},
		{
			namespace: "certificate", what: fmt.Sprintf("a certificate that ends in %s", ends),
			alerts: []string{"CertificateEnds own"},
			cause:  func(_ context.Context, _ *world, p *place) error { return p.replaceCertificate(ends) },
		},
		{
			namespace: "letters", what: "an event about no order",
			alerts: []string{"DeadLetters letters.orders.payment-captured"},
			cause:  func(ctx context.Context, _ *world, p *place) error { return p.client.publish(ctx, unknownOrder) },
		},
		{
			namespace: "callers", what: "orders, which catalog calls, is killed", catalog: true,
			alerts: []string{
				"BreakerOpen orders", "ServiceDown orders", "WorkerDown orders",
				"ConsumerStalled callers.catalog.order-created", "DeadLetters callers.catalog.order-created",
			},
			cause: func(ctx context.Context, _ *world, p *place) error {
				garble := func() error {
					return p.client.send(ctx, "orders.order.v1", "/orders", "orders.order.created.v1", unknownOrder, `{"id": {"order": %q}}`)
				}
				// A rate needs a dead letter after a scrape that has seen one; then they are handled before nothing is.
				return errors.Join(garble(), wait(ctx, 20*time.Second), garble(), wait(ctx, 5*time.Second), p.processes[0].Kill())
			},
		},
	}
}

// replaceCertificate gives the place's process a certificate that ends soon.
func (p *place) replaceCertificate(lifetime time.Duration) error {
	dir := p.processes[0].Certificates
	authority, err := certtest.OpenAuthority(filepath.Join(filepath.Dir(dir), "authority"))
	if err != nil {
		return err
	}
	files, err := authority.Issue(certtest.Leaf{Names: []string{"orders"}, Lifetime: lifetime})
	if err != nil {
		return err
	}
	return files.Write(dir)
}

const (
	// warmUp is how long everything is well: all windows of rates have something in them.
	warmUp = 2 * time.Minute
	// patience is how long an alert may take.
	patience = 20 * time.Minute
	// look is the time between two looks at the alerts.
	look = 2 * time.Second
)

// faultsAlert brings the faults about, all at once, and waits for their alerts.
func (w *world) faultsAlert(ctx context.Context, t *running.Table) error {
	loading, stop := context.WithCancel(ctx)
	defer stop()
	for _, p := range w.places {
		go p.client.load(loading)
	}
	if err := wait(ctx, warmUp); err != nil {
		return err
	}
	before, err := w.prometheus.firing(ctx)
	if err != nil {
		return err
	}
	before = slices.DeleteFunc(before, alert.isOfTheMachine)
	t.Check("while all is well", len(before) == 0, "%d alerts: %s", len(before), names(before))
	for _, p := range w.places {
		if err := p.fault.cause(ctx, w, p); err != nil {
			return fmt.Errorf("%s: %w", p.fault.what, err)
		}
		p.caused = time.Now()
	}
	seen, err := w.watch(ctx)
	if err != nil {
		return err
	}
	for _, p := range w.places {
		w.report(t, p, seen)
	}
	return nil
}

// sight is an alert that fired.
type sight struct {
	alert
	at time.Time
}

// after is how long it took from the fault of a place.
func (s sight) after(p *place) time.Duration { return s.at.Sub(p.caused).Round(time.Second) }

// watch returns each alert that fires, and when. It ends when all that must have fired.
func (w *world) watch(ctx context.Context) (map[string]sight, error) {
	seen := map[string]sight{}
	for began := time.Now(); time.Since(began) < patience; {
		firing, err := w.prometheus.firing(ctx)
		if err != nil {
			return nil, err
		}
		for _, a := range firing {
			if _, known := seen[a.key()]; !known {
				seen[a.key()] = sight{alert: a, at: time.Now()}
			}
		}
		if w.missing(seen) == 0 {
			return seen, nil
		}
		if err := wait(ctx, look); err != nil {
			return nil, err
		}
	}
	return seen, nil
}

// missing is how many alerts have not fired yet.
func (w *world) missing(seen map[string]sight) (count int) {
	for _, p := range w.places {
		for _, name := range p.fault.alerts {
			if _, found := find(seen, p.namespace, name); !found {
				count++
			}
		}
	}
	return count
}

// find returns the alert of that name and label.
func find(seen map[string]sight, namespace, name string) (sight, bool) {
	alertname, label, _ := strings.Cut(name, " ")
	for _, s := range seen {
		if s.Labels["alertname"] == alertname && s.Labels["namespace"] == namespace && slices.Contains(slices.Collect(maps.Values(s.Labels)), label) {
			return s, true
		}
	}
	return sight{}, false
}

// report adds what fired in a place: first what must, then the rest.
func (w *world) report(t *running.Table, p *place, seen map[string]sight) {
	expected := map[string]bool{}
	for _, name := range p.fault.alerts {
		s, found := find(seen, p.namespace, name)
		if !found {
			t.Check(p.fault.what, false, "%-54s does not fire", name)
			continue
		}
		expected[s.key()] = true
		t.Check(p.fault.what, s.isWritten(), "%-54s after %s: %s", name, s.after(p), s.Annotations["summary"])
	}
	for _, key := range slices.Sorted(maps.Keys(seen)) {
		s := seen[key]
		if s.Labels["namespace"] != p.namespace || expected[key] {
			continue
		}
		isRight := s.isWritten() && (len(p.fault.alerts) > 0 || s.isOfTheMachine())
		t.Check(p.fault.what, isRight, "%-54s after %s, too: %s", s.Labels["alertname"], s.after(p), s.Annotations["summary"])
	}
	if len(p.fault.alerts) == 0 {
		t.Say(p.fault.what, "watched for %s", time.Since(w.began).Round(time.Second))
	}
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
