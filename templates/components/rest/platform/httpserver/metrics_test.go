package httpserver_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"

	"create-service/templates/components/rest/platform/httpserver"
)

// observed returns how many requests each combination of labels has counted, by "METHOD route class".
func observed(t *testing.T, f *fixture) map[string]uint64 {
	t.Helper()
	counts := map[string]uint64{}
	for _, m := range family(t, f, "http_server_request_duration_seconds").GetMetric() {
		labels := map[string]string{}
		for _, l := range m.GetLabel() {
			labels[l.GetName()] = l.GetValue()
		}
		key := labels["http_request_method"] + " " + labels["http_route"] + " " + labels["http_response_status_class"]
		counts[key] = m.GetHistogram().GetSampleCount()
	}
	return counts
}

func family(t *testing.T, f *fixture, name string) *dto.MetricFamily {
	t.Helper()
	families, err := f.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, fam := range families {
		if fam.GetName() == name {
			return fam
		}
	}
	return nil
}

func TestMetricsLabels(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/v1/orders/:id", noContent)
	f.Router().POST("/v1/orders", httpserver.Handle(echo))
	for i := range 3 {
		f.do("GET", fmt.Sprintf("/v1/orders/%d", i), "")
	}
	f.do("POST", "/v1/orders", "", "Content-Type", "text/plain")
	f.do("GET", "/scan/1", "")
	f.do("GET", "/scan/2", "")
	f.do("BREW", "/scan/3", "")
	f.do("BOIL", "/v1/orders", "")
	want := map[string]uint64{
		"GET /v1/orders/:id 2xx": 3,
		"POST /v1/orders 4xx":    1,
		"GET unmatched 4xx":      2,
		"_OTHER unmatched 4xx":   2,
	}
	if diff := cmp.Diff(want, observed(t, f)); diff != "" {
		t.Errorf("requests by label (-want +got):\n%s", diff)
	}
}

func TestMetricsNumberOfSeriesIsBounded(t *testing.T) {
	f := newFixture(t, config())
	for i := range 200 {
		f.Router().GET(fmt.Sprintf("/v1/r%d", i), noContent)
	}
	for i := range 200 {
		f.do("GET", fmt.Sprintf("/v1/r%d", i), "")
	}
	counts := observed(t, f)
	if len(counts) > 60 {
		t.Errorf("there are %d histograms, want at most 60", len(counts))
	}
	var total uint64
	for _, n := range counts {
		total += n
	}
	if total != 200 || counts["_OTHER _OTHER 2xx"] == 0 {
		t.Errorf("%d requests are counted, %d of them as others; want all 200", total, counts["_OTHER _OTHER 2xx"])
	}
}

func TestMetricsBucketsHaveTheObjective(t *testing.T) {
	cfg := config()
	cfg.SLOThreshold = 420 * time.Millisecond
	f := newFixture(t, cfg)
	f.Router().GET("/", noContent)
	f.do("GET", "/", "")
	var bounds []float64
	for _, b := range family(t, f, "http_server_request_duration_seconds").GetMetric()[0].GetHistogram().GetBucket() {
		bounds = append(bounds, b.GetUpperBound())
	}
	want := []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.42, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}
	if diff := cmp.Diff(want, bounds); diff != "" {
		t.Errorf("bounds (-want +got):\n%s", diff)
	}
}

func TestMetricsExemplarsLinkToTraces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, config())
		f.Router().GET("/", noContent)
		const parent = "00-%s-b7ad6b7169203331-%s"
		first, second, third := strings.Repeat("1", 32), strings.Repeat("2", 32), strings.Repeat("3", 32)
		f.do("GET", "/", "", "traceparent", fmt.Sprintf(parent, first, "01"))
		wantExemplar(t, f, first)
		f.do("GET", "/", "", "traceparent", fmt.Sprintf(parent, second, "01"))
		wantExemplar(t, f, first)
		time.Sleep(time.Second)
		f.do("GET", "/", "", "traceparent", fmt.Sprintf(parent, third, "01"))
		wantExemplar(t, f, third)
	})
}

func wantExemplar(t *testing.T, f *fixture, traceID string) {
	t.Helper()
	bucket := family(t, f, "http_server_request_duration_seconds").GetMetric()[0].GetHistogram().GetBucket()[0]
	for _, label := range bucket.GetExemplar().GetLabel() {
		if label.GetName() == "trace_id" && label.GetValue() == traceID {
			return
		}
	}
	t.Errorf("the exemplar is %v, want trace %s", bucket.GetExemplar(), traceID)
}

func TestInFlightLimit(t *testing.T) {
	cfg := config()
	cfg.MaxInFlight = 2
	f := newFixture(t, cfg)
	entered, leave := make(chan struct{}), make(chan struct{})
	f.Router().GET("/", func(*gin.Context) {
		entered <- struct{}{}
		<-leave
	})
	done := make(chan int)
	for range 2 {
		go func() { done <- f.do("GET", "/", "").Code }()
		<-entered
	}
	if got := family(t, f, "http_server_active_requests").GetMetric()[0].GetGauge().GetValue(); got != 2 {
		t.Errorf("http_server_active_requests is %v, want 2", got)
	}
	if got := family(t, f, "http_server_active_requests_limit").GetMetric()[0].GetGauge().GetValue(); got != 2 {
		t.Errorf("http_server_active_requests_limit is %v, want 2", got)
	}
	refused := f.do("GET", "/", "")
	if p := readProblem(t, refused); p.Status != http.StatusServiceUnavailable || refused.Header().Get("Retry-After") != "1" {
		t.Errorf("over the limit the answer is %+v, Retry-After %q", p, refused.Header().Get("Retry-After"))
	}
	close(leave)
	for range 2 {
		if got := <-done; got != http.StatusOK {
			t.Errorf("a request within the limit got %d", got)
		}
	}
	go func() { done <- f.do("GET", "/", "").Code }()
	<-entered
	if got := <-done; got != http.StatusOK {
		t.Errorf("after the others ended a request got %d", got)
	}
}
