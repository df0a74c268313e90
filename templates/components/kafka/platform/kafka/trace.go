package kafka

import (
	"context"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/components/outbox/platform/relay"
)

// propagator writes and reads traceparent and tracestate, and nothing else: baggage would carry what a caller sends
// into every service behind this one.
func propagator() propagation.TextMapPropagator { return propagation.TraceContext{} }

// headers are those of a record, for the propagator.
type headers struct {
	record *kgo.Record
}

// Get returns the first header of that name.
func (h headers) Get(key string) string {
	value, _ := header(h.record, key)
	return value
}

// Set replaces the headers of that name.
func (h headers) Set(key, value string) { setHeader(h.record, key, value) }

// Keys returns the names of all headers.
func (h headers) Keys() []string {
	keys := make([]string, len(h.record.Headers))
	for i, each := range h.record.Headers {
		keys[i] = each.Key
	}
	return keys
}

// header returns the record's first header of that name.
func header(r *kgo.Record, key string) (value string, found bool) {
	for _, each := range r.Headers {
		if each.Key == key {
			return string(each.Value), true
		}
	}
	return "", false
}

// setHeader gives the record one header of that name.
func setHeader(r *kgo.Record, key, value string) {
	for i, each := range r.Headers {
		if each.Key == key {
			r.Headers[i].Value = []byte(value)
			return
		}
	}
	r.Headers = append(r.Headers, kgo.RecordHeader{Key: key, Value: []byte(value)})
}

// observed is something that is done to one record, with its span.
type observed struct {
	span    trace.Span
	started time.Time
}

// startSend opens the span of an event that is sent: a child of what committed it.
func (c *Client) startSend(ctx context.Context, m relay.Outgoing, topic string) (*observed, context.Context) {
	ctx = propagator().Extract(ctx, propagation.MapCarrier(m.Trace))
	ctx, span := c.tracer.Start(ctx, "send "+topic, trace.WithSpanKind(trace.SpanKindProducer))
	if span.IsRecording() {
		span.SetAttributes(
			attribute.String("messaging.system", "kafka"),
			attribute.String("messaging.operation.name", "send"),
			attribute.String("messaging.operation.type", "send"),
			attribute.String("messaging.destination.name", topic),
			attribute.String("messaging.message.id", m.ID.String()),
			attribute.String("messaging.kafka.message.key", m.Key),
			attribute.String("cloudevents.event_type", m.Type),
		)
	}
	sending := &observed{span: span, started: time.Now()}
	return sending, ctx
}

// startProcess opens the span of a record that is handled: a child of the one that sent it.
func (k *Consumer) startProcess(ctx context.Context, r *kgo.Record) (*observed, context.Context) {
	ctx = propagator().Extract(ctx, headers{record: r})
	ctx, span := k.client.tracer.Start(ctx, "process "+r.Topic, trace.WithSpanKind(trace.SpanKindConsumer))
	if span.IsRecording() {
		span.SetAttributes(
			attribute.String("messaging.system", "kafka"),
			attribute.String("messaging.operation.name", "process"),
			attribute.String("messaging.operation.type", "process"),
			attribute.String("messaging.destination.name", r.Topic),
			attribute.String("messaging.destination.partition.id", strconv.Itoa(int(r.Partition))),
			attribute.Int64("messaging.kafka.offset", r.Offset),
			attribute.String("messaging.consumer.group.name", k.group),
		)
	}
	handling := &observed{span: span, started: time.Now()}
	return handling, ctx
}

// end closes the span with the class of an error: the error's text may hold what a trace must not.
func (o *observed) end(class string) {
	if class != "" {
		o.span.SetAttributes(attribute.String("error.type", class))
		o.span.SetStatus(codes.Error, class)
	}
	o.span.End()
}
