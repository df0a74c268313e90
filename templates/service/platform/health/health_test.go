package health_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"create-service/templates/service/platform/config"
	"create-service/templates/service/platform/health"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func defaults(t *testing.T) health.Config {
	t.Helper()
	var cfg struct{ Health health.Config }
	if err := config.Load(&cfg, nil); err != nil {
		t.Fatal(err)
	}
	return cfg.Health
}

func newChecks(t *testing.T, log *slog.Logger) (*health.Checks, *prometheus.Registry) {
	t.Helper()
	registry := prometheus.NewRegistry()
	checks, err := health.New(defaults(t), registry, log)
	if err != nil {
		t.Fatal(err)
	}
	return checks, registry
}

// answer is what a probe sees.
type answer struct {
	Code   int
	Status string            `json:"status"`
	Checks map[string]string `json:"checks"`
}

func ask(t *testing.T, probe http.HandlerFunc) answer {
	t.Helper()
	recorder := httptest.NewRecorder()
	probe(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody))
	got := answer{Code: recorder.Code}
	if err := json.Unmarshal(recorder.Body.Bytes(), &got); err != nil {
		t.Fatalf("body %q: %v", recorder.Body, err)
	}
	if kind := recorder.Header().Get("Content-Type"); kind != "application/json" {
		t.Errorf("Content-Type = %q", kind)
	}
	return got
}

func want(t *testing.T, what string, got, want answer) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// run lets the checks run until the test ends.
func run(t *testing.T, checks *health.Checks) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- checks.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run() = %v, want nil", err)
		}
	})
}

// gauges are the values of a metric by its label; one without is "".
func gauges(t *testing.T, registry *prometheus.Registry, name string) map[string]float64 {
	t.Helper()
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, m := range family.GetMetric() {
			var label string
			for _, pair := range m.GetLabel() {
				label = pair.GetValue()
			}
			values[label] = m.GetGauge().GetValue()
		}
	}
	return values
}

func wantGauges(t *testing.T, registry *prometheus.Registry, name string, want map[string]float64) {
	t.Helper()
	if diff := cmp.Diff(want, gauges(t, registry, name)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// fake is a check whose outcome the test sets.
type fake struct {
	asked atomic.Int32
	err   atomic.Value
}

func (f *fake) set(err error) { f.err.Store(&err) }

func (f *fake) check(context.Context) error {
	f.asked.Add(1)
	if err, ok := f.err.Load().(*error); ok {
		return *err
	}
	return nil
}

func TestTheProbesDiffer(t *testing.T) {
	checks, registry := newChecks(t, slog.New(slog.DiscardHandler))
	live := answer{Code: 200, Status: "live"}

	want(t, "live before the start", ask(t, checks.Live), live)
	want(t, "startup before the start", ask(t, checks.Startup), answer{Code: 503, Status: "starting"})
	want(t, "ready before the start", ask(t, checks.Ready), answer{Code: 503, Status: "starting"})
	wantGauges(t, registry, "service_ready", map[string]float64{"": 0})

	checks.Started()
	want(t, "live", ask(t, checks.Live), live)
	want(t, "startup", ask(t, checks.Startup), answer{Code: 200, Status: "started"})
	want(t, "ready", ask(t, checks.Ready), answer{Code: 200, Status: "ready"})
	wantGauges(t, registry, "service_ready", map[string]float64{"": 1})

	checks.Draining()
	want(t, "live while draining", ask(t, checks.Live), live)
	want(t, "startup while draining", ask(t, checks.Startup), answer{Code: 200, Status: "started"})
	want(t, "ready while draining", ask(t, checks.Ready), answer{Code: 503, Status: "draining"})
	wantGauges(t, registry, "service_ready", map[string]float64{"": 0})
}

func TestAConditionMustHoldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		checks, _ := newChecks(t, slog.New(slog.DiscardHandler))
		schema := new(fake)
		schema.set(errors.New("schema 1, needs 2"))
		checks.Require("schema", schema.check)
		checks.Started()
		want(t, "before the first round", ask(t, checks.Ready), answer{Code: 503, Status: "starting", Checks: map[string]string{"schema": "pending"}})

		run(t, checks)
		synctest.Wait()
		want(t, "while it fails", ask(t, checks.Ready), answer{Code: 503, Status: "starting", Checks: map[string]string{"schema": "failing"}})

		schema.set(nil)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		want(t, "once it held", ask(t, checks.Ready), answer{Code: 200, Status: "ready", Checks: map[string]string{"schema": "ok"}})

		schema.set(errors.New("the database is gone"))
		time.Sleep(time.Minute)
		synctest.Wait()
		want(t, "later", ask(t, checks.Ready), answer{Code: 200, Status: "ready", Checks: map[string]string{"schema": "ok"}})
		if asked := schema.asked.Load(); asked != 2 {
			t.Errorf("the condition was checked %d times, want 2", asked)
		}
	})
}

func TestAnOutageOfADependencyIsReportedAndDoesNotDecide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		checks, registry := newChecks(t, slog.New(slog.NewTextHandler(&log, nil)))
		mysql := new(fake)
		checks.Watch("mysql", mysql.check)
		checks.Started()
		run(t, checks)
		synctest.Wait()
		want(t, "well", ask(t, checks.Ready), answer{Code: 200, Status: "ready", Checks: map[string]string{"mysql": "ok"}})
		wantGauges(t, registry, "dependency_up", map[string]float64{"mysql": 1})

		mysql.set(errors.New("refused"))
		time.Sleep(time.Minute)
		synctest.Wait()
		want(t, "down", ask(t, checks.Ready), answer{Code: 200, Status: "ready", Checks: map[string]string{"mysql": "failing"}})
		wantGauges(t, registry, "dependency_up", map[string]float64{"mysql": 0})
		if n := strings.Count(log.String(), "refused"); n != 1 {
			t.Errorf("the outage was logged %d times, want once:\n%s", n, log.String())
		}
	})
}

func TestASlowCheckFailsAndHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		checks, _ := newChecks(t, slog.New(slog.DiscardHandler))
		checks.Watch("slow", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
		checks.Watch("quick", func(context.Context) error { return nil })
		checks.Started()
		run(t, checks)
		synctest.Wait()
		want(t, "at once", ask(t, checks.Ready), answer{Code: 200, Status: "ready", Checks: map[string]string{"slow": "pending", "quick": "ok"}})
		time.Sleep(2 * time.Second)
		synctest.Wait()
		want(t, "after the timeout", ask(t, checks.Ready), answer{Code: 200, Status: "ready", Checks: map[string]string{"slow": "failing", "quick": "ok"}})
	})
}

func TestNewReportsAMetricThatIsTaken(t *testing.T) {
	registry := prometheus.NewRegistry()
	log := slog.New(slog.DiscardHandler)
	if _, err := health.New(defaults(t), registry, log); err != nil {
		t.Fatal(err)
	}
	if _, err := health.New(defaults(t), registry, log); err == nil {
		t.Error("New() = nil for a registry that has the metric, want an error")
	}
}

func TestIsReadyIsWhatReadyAnswers(t *testing.T) {
	checks, _ := newChecks(t, slog.New(slog.DiscardHandler))
	steps := []struct {
		step func()
		want bool
	}{{func() {}, false}, {checks.Started, true}, {checks.Draining, false}}
	for i, tt := range steps {
		tt.step()
		if got := checks.IsReady(); got != tt.want || got != (ask(t, checks.Ready).Code == http.StatusOK) {
			t.Errorf("after step %d ready is %t, want %t", i, got, tt.want)
		}
	}
}
