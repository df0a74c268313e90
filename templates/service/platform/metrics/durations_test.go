package metrics_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/service/platform/metrics"
)

// door is the one label of the tests.
type door string

func (d door) Values() []string { return []string{string(d)} }

func TestDurationsBoundTheirLabels(t *testing.T) {
	vec := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "d", Buckets: []float64{1}}, []string{"door"})
	durations := metrics.NewDurations(vec, 3, func(door) door { return "other" })
	for i := range 10 {
		durations.Observe(t.Context(), door(strconv.Itoa(i)), time.Unix(1, 0), time.Second)
		durations.Observe(t.Context(), "0", time.Unix(1, 0), time.Second)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(vec)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]uint64{}
	for _, m := range families[0].GetMetric() {
		got[m.GetLabel()[0].GetValue()] = m.GetHistogram().GetSampleCount()
	}
	want := map[string]uint64{"0": 11, "1": 1, "2": 1, "other": 7}
	for value, count := range want {
		if got[value] != count || len(got) != len(want) {
			t.Errorf("counts by label are %v, want %v", got, want)
			break
		}
	}
}

func TestDurationsTakeOneExemplarASecond(t *testing.T) {
	vec := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "d", Buckets: []float64{1}}, []string{"door"})
	durations := metrics.NewDurations(vec, 3, func(door) door { return "other" })
	start := time.Unix(1, 0)
	for i, tt := range []struct {
		end  time.Time
		want byte
	}{
		{start, 1},
		{start.Add(999 * time.Millisecond), 1},
		{start.Add(time.Second), 3},
	} {
		span := trace.NewSpanContext(trace.SpanContextConfig{
			TraceID: trace.TraceID{byte(i + 1)}, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagsSampled,
		})
		durations.Observe(trace.ContextWithSpanContext(t.Context(), span), "a", tt.end, time.Millisecond)
		if got := exemplar(t, vec); got != (trace.TraceID{tt.want}).String() {
			t.Errorf("after observation %d the exemplar is of trace %s, want %d", i+1, got, tt.want)
		}
	}
}

// exemplar is the id of the trace that the smallest bucket of door "a" refers to.
func exemplar(t *testing.T, vec *prometheus.HistogramVec) string {
	t.Helper()
	metric, ok := vec.WithLabelValues("a").(prometheus.Metric)
	if !ok {
		t.Fatal("a histogram is no metric")
	}
	var m dto.Metric
	if err := metric.Write(&m); err != nil {
		t.Fatal(err)
	}
	for _, label := range m.GetHistogram().GetBucket()[0].GetExemplar().GetLabel() {
		if label.GetName() == "trace_id" {
			return label.GetValue()
		}
	}
	return ""
}
