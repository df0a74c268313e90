package grpcclient

import (
	"context"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"
	otelcodes "go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/status"

	"create-service/templates/components/clients/platform/outbound"
	"create-service/templates/components/grpc/platform/grpccode"
	"create-service/templates/service/platform/metrics"
)

// observer measures and traces attempts. The metric has no label for the method, which the span has: peers times methods
// times codes would be more series than a process may have.
type observer struct {
	peer      string
	tracer    trace.Tracer
	durations *prometheus.HistogramVec
}

func newObserver(d Deps) (*observer, error) {
	durations, err := outbound.Share(d.Registry, prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "rpc_client_call_duration_seconds",
		Help:    "Duration of gRPC client calls in seconds, each attempt by itself.",
		Buckets: metrics.DurationBuckets(0),
	}, []string{outbound.PeerLabel, "rpc_response_status_code"}))
	if err != nil {
		return nil, err
	}
	return &observer{peer: d.Peer, tracer: d.Tracing.Tracer("grpcclient"), durations: durations}, nil
}

// attempt is one that is being made.
type attempt struct {
	*observer
	span  trace.Span
	start time.Time
}

// begin starts the span of an attempt and its clock.
func (o *observer) begin(ctx context.Context, method string, number int) (context.Context, attempt) {
	name := strings.TrimPrefix(method, "/")
	ctx, span := o.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient))
	if span.IsRecording() {
		span.SetAttributes(
			attribute.String("rpc.system.name", "grpc"),
			attribute.String("rpc.method", name),
			attribute.String("service.peer.name", o.peer),
		)
		if number > 1 {
			span.SetAttributes(attribute.Int("rpc.resend_count", number-1))
		}
	}
	return ctx, attempt{observer: o, span: span, start: time.Now()}
}

// end reports how the attempt ended. To a client, each code but OK is an error of the span.
func (a attempt) end(ctx context.Context, err error) {
	code := grpccode.Text(status.Code(err))
	metrics.Observe(ctx, a.durations.WithLabelValues(a.peer, code), time.Since(a.start))
	if a.span.IsRecording() {
		a.span.SetAttributes(attribute.String("rpc.response.status_code", code))
		if err != nil {
			a.span.SetStatus(otelcodes.Error, "")
			a.span.SetAttributes(attribute.String("error.type", code))
		}
	}
	a.span.End()
}
