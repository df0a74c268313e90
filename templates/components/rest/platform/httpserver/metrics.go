package httpserver

import (
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
)

// mostSeries bounds the combinations of method, route and status class that are measured apart. A histogram has 17
// to 18 series, so this is well within the 2,000 that a process may have; what comes later is measured as _OTHER.
const mostSeries = 80

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

func newRequestMetrics(registry prometheus.Registerer, work *admission) (*requestMetrics, error) {
	m := &requestMetrics{
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "http_server_request_duration_seconds",
			Help:    "Duration of HTTP server requests in seconds.",
			Buckets: []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10},
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

func (m *requestMetrics) measure(c *gin.Context) {
	start := time.Now()
	c.Next()
	key := series{method: methodOf(c), route: routeOf(c), class: c.Writer.Status() / 100}
	m.observer(key).observe(time.Since(start), trace.SpanContextFromContext(c.Request.Context()))
}
