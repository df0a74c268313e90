// Package metrics holds what all Prometheus metrics of a service share: the registry, the buckets, the exemplars
// and the limit on the number of series.
package metrics

import (
	"context"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/service/platform/identity"
)

// NewRegistry returns a registry with the metrics of the Go runtime, of the process and of the build, and with
// target_info, the series by which OpenTelemetry says whose metrics these are.
func NewRegistry(svc identity.Service) *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewBuildInfoCollector(),
		targetInfo(svc),
	)
	return registry
}

func targetInfo(svc identity.Service) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "target_info",
		Help: "The service, build and process that these metrics belong to.",
		ConstLabels: prometheus.Labels{
			"service_name":                svc.Name,
			"service_version":             svc.Version,
			"service_instance_id":         svc.Instance,
			"deployment_environment_name": svc.Environment,
		},
	}, func() float64 { return 1 })
}

// DurationBuckets returns the upper bounds, in seconds, of a histogram of durations: those that the OpenTelemetry
// semantic conventions give for http.server.request.duration, and the threshold of the service level objective,
// so that the share of requests within it can be read exactly. A threshold of zero adds none.
func DurationBuckets(threshold time.Duration) []float64 {
	buckets := []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}
	slo := threshold.Seconds()
	at, found := slices.BinarySearch(buckets, slo)
	if found || slo <= 0 {
		return buckets
	}
	return slices.Insert(buckets, at, slo)
}

// Observe records a duration. When the span in the context is sampled the observation carries its ids as an
// exemplar, which links the metric to the trace.
func Observe(ctx context.Context, observer prometheus.Observer, d time.Duration) {
	span := trace.SpanContextFromContext(ctx)
	withExemplar, ok := observer.(prometheus.ExemplarObserver)
	if !ok || !span.IsSampled() {
		observer.Observe(d.Seconds())
		return
	}
	withExemplar.ObserveWithExemplar(d.Seconds(), prometheus.Labels{
		"trace_id": span.TraceID().String(),
		"span_id":  span.SpanID().String(),
	})
}
