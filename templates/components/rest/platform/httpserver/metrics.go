package httpserver

import (
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"create-service/templates/service/platform/metrics"
)

// mostSeries bounds the combinations of method, route and status class that are measured apart; what comes later
// is measured as _OTHER. Each is a histogram of 18 series, so together they are half of the 2,000 series that a process
// may have; a gRPC API beside this one has a third.
const mostSeries = 54

// requestMetrics measures requests.
type requestMetrics struct {
	durations *metrics.Durations[series]
	dropped   prometheus.Counter
}

// series is one combination of labels.
type series struct {
	method, route string
	class         int
}

// Values are in the order of the metric's labels.
func (s series) Values() []string {
	return []string{s.method, s.route, strconv.Itoa(s.class) + "xx"}
}

// other is what a combination too many is counted as.
func (s series) other() series {
	return series{method: otherMethod, route: otherMethod, class: s.class}
}

func newRequestMetrics(cfg Config, registry prometheus.Registerer, work *admission) (*requestMetrics, error) {
	duration := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "http_server_request_duration_seconds",
		Help:    "Duration of HTTP server requests in seconds.",
		Buckets: metrics.DurationBuckets(cfg.SLOThreshold),
	}, []string{"http_request_method", "http_route", "http_response_status_class"})
	dropped := prometheus.NewCounter(prometheus.CounterOpts{
		Name: "http_server_access_log_dropped_total",
		Help: "Successful requests that the access log left out because there were too many.",
	})
	inFlight := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "http_server_active_requests",
		Help: "HTTP server requests in progress.",
	}, func() float64 { return float64(work.inFlight.Load()) })
	limit := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "http_server_active_requests_limit",
		Help: "How many HTTP server requests may be in progress at once.",
	}, func() float64 { return float64(work.limit) })
	for _, collector := range []prometheus.Collector{duration, dropped, inFlight, limit} {
		if err := registry.Register(collector); err != nil {
			return nil, err
		}
	}
	return &requestMetrics{durations: metrics.NewDurations(duration, mostSeries, series.other), dropped: dropped}, nil
}

func (m *requestMetrics) record(c *gin.Context, end time.Time, took time.Duration) {
	status, _ := outcome(c)
	m.durations.Observe(c.Request.Context(), series{method: methodOf(c), route: routeOf(c), class: status / 100}, end, took)
}
