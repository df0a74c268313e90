package grpcserver

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc/codes"

	"create-service/templates/components/grpc/platform/grpccode"
	"create-service/templates/service/platform/metrics"
)

// mostSeries bounds the combinations of method and code that are measured apart; what comes later is measured as
// _OTHER. Each is a histogram of 18 series, so together they are a third of the 2,000 series that a process may have.
const mostSeries = 36

// callMetrics measures calls.
type callMetrics struct {
	durations *metrics.Durations[series]
	dropped   prometheus.Counter
}

// series is one combination of labels.
type series struct {
	method string
	code   codes.Code
}

// Values are in the order of the metric's labels.
func (s series) Values() []string { return []string{s.method, grpccode.Text(s.code)} }

// other is what a combination too many is counted as.
func (s series) other() series { return series{method: unmatched, code: s.code} }

func newCallMetrics(cfg Config, registry prometheus.Registerer, work *admission) (*callMetrics, error) {
	duration := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "rpc_server_call_duration_seconds",
		Help:    "Duration of gRPC server calls in seconds.",
		Buckets: metrics.DurationBuckets(cfg.SLOThreshold),
	}, []string{"rpc_method", "rpc_response_status_code"})
	dropped := prometheus.NewCounter(prometheus.CounterOpts{
		Name: "rpc_server_access_log_dropped_total",
		Help: "Successful calls that the access log left out because there were too many.",
	})
	inFlight := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "rpc_server_active_calls",
		Help: "gRPC server calls in progress.",
	}, func() float64 { return float64(work.inFlight.Load()) })
	limit := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "rpc_server_active_calls_limit",
		Help: "How many gRPC server calls may be in progress at once.",
	}, func() float64 { return float64(work.limit) })
	for _, collector := range []prometheus.Collector{duration, dropped, inFlight, limit} {
		if err := registry.Register(collector); err != nil {
			return nil, err
		}
	}
	return &callMetrics{durations: metrics.NewDurations(duration, mostSeries, series.other), dropped: dropped}, nil
}

// recorder measures and logs a call that has just ended, by one clock.
type recorder struct {
	metrics *callMetrics
	log     *accessLog
}

func (r recorder) record(ctx context.Context, one call, took time.Duration) {
	r.metrics.durations.Observe(ctx, series{method: one.method, code: one.code}, one.end, took)
	r.log.record(ctx, one, took)
}
