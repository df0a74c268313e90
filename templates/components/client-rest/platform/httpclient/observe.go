package httpclient

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/components/clients/platform/outbound"
	"create-service/templates/service/platform/metrics"
)

// observer measures and traces attempts. The metric has no label for the route, which the span has: peers times routes
// times statuses would be more series than a process may have.
type observer struct {
	peer      string
	tracer    trace.Tracer
	durations *prometheus.HistogramVec
}

func newObserver(d Deps) (*observer, error) {
	durations, err := outbound.Share(d.Registry, prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "http_client_request_duration_seconds",
		Help:    "Duration of HTTP client requests in seconds, each attempt by itself.",
		Buckets: metrics.DurationBuckets(0),
	}, []string{outbound.PeerLabel, "http_response_status_class"}))
	if err != nil {
		return nil, err
	}
	return &observer{peer: d.Peer, tracer: d.Tracing.Tracer("httpclient"), durations: durations}, nil
}

// attempt is one that is being made.
type attempt struct {
	*observer
	span  trace.Span
	start time.Time
}

// begin starts the span of an attempt and its clock.
func (o *observer) begin(ctx context.Context, r Request, number int) (context.Context, attempt) {
	ctx, span := o.tracer.Start(ctx, r.Method+" "+r.Route, trace.WithSpanKind(trace.SpanKindClient))
	if span.IsRecording() {
		span.SetAttributes(
			attribute.String("http.request.method", r.Method),
			attribute.String("url.template", r.Route),
			attribute.String("service.peer.name", o.peer),
		)
		if number > 1 {
			span.SetAttributes(attribute.Int("http.request.resend_count", number-1))
		}
	}
	return ctx, attempt{observer: o, span: span, start: time.Now()}
}

// end reports how the attempt ended. To a client, each status from 400 on is an error of the span.
func (a attempt) end(ctx context.Context, err error) {
	class, attributes := outcome(err)
	metrics.Observe(ctx, a.durations.WithLabelValues(a.peer, class), time.Since(a.start))
	if a.span.IsRecording() {
		a.span.SetAttributes(attributes...)
		if err != nil {
			a.span.SetStatus(codes.Error, "")
		}
	}
	a.span.End()
}

// outcome is the class of an attempt for the metric, and what its span has to say: without an answer, the class is
// "none".
func outcome(err error) (class string, attributes []attribute.KeyValue) {
	status := StatusOf(err)
	switch {
	case err == nil:
		return "2xx", nil
	case status != 0:
		return strconv.Itoa(status/100) + "xx", []attribute.KeyValue{
			attribute.Int("http.response.status_code", status),
			attribute.String("error.type", strconv.Itoa(status)),
		}
	case errors.Is(err, context.DeadlineExceeded):
		return "none", []attribute.KeyValue{attribute.String("error.type", "timeout")}
	default:
		return "none", []attribute.KeyValue{attribute.String("error.type", "no_answer")}
	}
}
