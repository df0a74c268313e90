package metrics_test

import (
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/service/platform/identity"
	"create-service/templates/service/platform/metrics"
)

// gather returns what the gatherer exposes, by name.
func gather(t *testing.T, g prometheus.Gatherer) map[string]*dto.MetricFamily {
	t.Helper()
	families, err := g.Gather()
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]*dto.MetricFamily{}
	for _, family := range families {
		byName[family.GetName()] = family
	}
	return byName
}

func TestTheRegistryDescribesTheProcess(t *testing.T) {
	families := gather(t, metrics.NewRegistry(identity.Service{Name: "orders", Version: "v1", Environment: "prod", Instance: "orders-1"}))
	for _, name := range []string{"go_goroutines", "process_cpu_seconds_total", "go_build_info", "target_info"} {
		if families[name] == nil {
			t.Fatalf("%s is missing", name)
		}
	}
	got := map[string]string{}
	for _, label := range families["target_info"].GetMetric()[0].GetLabel() {
		got[label.GetName()] = label.GetValue()
	}
	want := map[string]string{"service_name": "orders", "service_version": "v1", "deployment_environment_name": "prod", "service_instance_id": "orders-1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("target_info (-want +got):\n%s", diff)
	}
}

func TestDurationBuckets(t *testing.T) {
	conventional := []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}
	tests := []struct {
		threshold time.Duration
		want      []float64
	}{
		{threshold: 0, want: conventional},
		{threshold: 250 * time.Millisecond, want: conventional},
		{threshold: 300 * time.Millisecond, want: []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.3, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}},
		{threshold: time.Millisecond, want: append([]float64{0.001}, conventional...)},
		{threshold: time.Minute, want: append(conventional[:len(conventional):len(conventional)], 60)},
	}
	for _, test := range tests {
		t.Run(test.threshold.String(), func(t *testing.T) {
			if diff := cmp.Diff(test.want, metrics.DurationBuckets(test.threshold)); diff != "" {
				t.Errorf("DurationBuckets() (-want +got):\n%s", diff)
			}
		})
	}
}

func TestObserveLinksToTheTraceWhenItIsSampled(t *testing.T) {
	span := func(flags trace.TraceFlags) trace.SpanContext {
		return trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: flags})
	}
	linked := map[string]string{"trace_id": "01000000000000000000000000000000", "span_id": "0200000000000000"}
	tests := []struct {
		name string
		span trace.SpanContext
		want map[string]string
	}{
		{name: "sampled", span: span(trace.FlagsSampled), want: linked},
		{name: "not sampled", span: span(0)},
		{name: "no span"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			registry := prometheus.NewRegistry()
			histogram := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "d", Buckets: []float64{1}})
			registry.MustRegister(histogram)
			metrics.Observe(trace.ContextWithSpanContext(t.Context(), test.span), histogram, 500*time.Millisecond)

			got := gather(t, registry)["d"].GetMetric()[0].GetHistogram()
			if got.GetSampleCount() != 1 || got.GetSampleSum() != 0.5 {
				t.Errorf("count %d, sum %g; want 1 and 0.5", got.GetSampleCount(), got.GetSampleSum())
			}
			var exemplar map[string]string
			for _, label := range got.GetBucket()[0].GetExemplar().GetLabel() {
				if exemplar == nil {
					exemplar = map[string]string{}
				}
				exemplar[label.GetName()] = label.GetValue()
			}
			if diff := cmp.Diff(test.want, exemplar); diff != "" {
				t.Errorf("exemplar (-want +got):\n%s", diff)
			}
		})
	}
}

func TestObserveTakesAnyObserver(t *testing.T) {
	var got float64
	metrics.Observe(t.Context(), prometheus.ObserverFunc(func(v float64) { got = v }), 2*time.Second)
	if got != 2 {
		t.Errorf("observed %g, want 2", got)
	}
}

// exposed registers three metrics of 3, 20 and 12 series.
func exposed(t *testing.T) *prometheus.Registry {
	t.Helper()
	registry := prometheus.NewRegistry()
	small := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "small"}, []string{"i"})
	counters := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "many"}, []string{"i"})
	histograms := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "histogram", Buckets: []float64{1, 2, 3}}, []string{"i"})
	registry.MustRegister(small, counters, histograms)
	for i := range 3 {
		small.WithLabelValues(strconv.Itoa(i)).Inc()
	}
	for i := range 20 {
		counters.WithLabelValues(strconv.Itoa(i)).Inc()
	}
	for i := range 2 {
		histograms.WithLabelValues(strconv.Itoa(i)).Observe(1)
	}
	return registry
}

func TestBoundLeavesOutTheLargestMetrics(t *testing.T) {
	tests := []struct {
		limit   int
		keep    []string
		want    []string
		dropped float64
	}{
		{limit: 36, want: []string{"histogram", "many", "small"}},
		{limit: 35, want: []string{"histogram", "small"}, dropped: 1},
		{limit: 16, want: []string{"histogram", "small"}, dropped: 1},
		{limit: 15, want: []string{"small"}, dropped: 2},
		{limit: 1, want: nil, dropped: 3},
		{limit: 36, keep: []string{"many"}, want: []string{"histogram", "many", "small"}},
		{limit: 35, keep: []string{"many"}, want: []string{"many", "small"}, dropped: 1},
		{limit: 24, keep: []string{"many"}, want: []string{"many", "small"}, dropped: 1},
		{limit: 23, keep: []string{"many"}, want: []string{"many"}, dropped: 2},
		{limit: 1, keep: []string{"many", "histogram", "absent"}, want: []string{"histogram", "many"}, dropped: 1},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%d %v", test.limit, test.keep), func(t *testing.T) {
			families, err := metrics.Bound(exposed(t), test.limit, test.keep...).Gather()
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, family := range families {
				if family.GetName() == "metrics_dropped_families" {
					if got := family.GetMetric()[0].GetGauge().GetValue(); got != test.dropped {
						t.Errorf("metrics_dropped_families = %g, want %g", got, test.dropped)
					}
					continue
				}
				names = append(names, family.GetName())
			}
			if diff := cmp.Diff(test.want, names); diff != "" {
				t.Errorf("metrics (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBoundHandsOverWhatItGotBesidesAnError(t *testing.T) {
	errHalf := errors.New("half of it")
	name, value := "a", 1.0
	families, err := metrics.Bound(prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) {
		return []*dto.MetricFamily{{Name: &name, Metric: []*dto.Metric{{Gauge: &dto.Gauge{Value: &value}}}}}, errHalf
	}), 10).Gather()
	if !errors.Is(err, errHalf) || len(families) != 2 {
		t.Errorf("Gather() = %d families, %v; want both and the error", len(families), err)
	}
}

func TestAPlainProcessIsFarBelowTheLimit(t *testing.T) {
	registry := metrics.NewRegistry(identity.Service{Name: "orders"})
	families := gather(t, metrics.Bound(registry, metrics.SeriesLimit/10))
	if got := families["metrics_dropped_families"].GetMetric()[0].GetGauge().GetValue(); got != 0 {
		t.Errorf("%g metrics are dropped at a tenth of the limit, want none", got)
	}
}
