package httpserver

import (
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"create-service/templates/service/platform/metrics"
)

// mostObservers bounds the combinations of method, route and status class that are measured apart; what comes later
// is measured as _OTHER. Each is a histogram of 18 series, so together they leave a third of the 2,000 series that a
// process may have to everything else.
const mostObservers = 72

// requestMetrics measures requests. Looking an observer up by its labels costs more than observing, so each
// combination's is kept.
type requestMetrics struct {
	duration *prometheus.HistogramVec
	dropped  prometheus.Counter

	mu        sync.RWMutex
	observers map[series]*observer
}

type series struct {
	method, route string
	class         int
}

func newRequestMetrics(cfg Config, registry prometheus.Registerer, work *admission) (*requestMetrics, error) {
	m := &requestMetrics{
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "http_server_request_duration_seconds",
			Help:    "Duration of HTTP server requests in seconds.",
			Buckets: metrics.DurationBuckets(cfg.SLOThreshold),
		}, []string{"http_request_method", "http_route", "http_response_status_class"}),
		dropped: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "http_server_access_log_dropped_total",
			Help: "Successful requests that the access log left out because there were too many.",
		}),
		observers: map[series]*observer{},
	}
	inFlight := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "http_server_active_requests",
		Help: "HTTP server requests in progress.",
	}, func() float64 { return float64(work.inFlight.Load()) })
	for _, collector := range []prometheus.Collector{m.duration, m.dropped, inFlight} {
		if err := registry.Register(collector); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *requestMetrics) record(c *gin.Context, end time.Time, took time.Duration) {
	status, _ := outcome(c)
	key := series{method: methodOf(c), route: routeOf(c), class: status / 100}
	m.observer(key).observe(c.Request.Context(), end, took)
}
