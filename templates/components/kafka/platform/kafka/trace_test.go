package kafka_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/components/kafka/platform/kafkatest"
	"create-service/templates/components/outbox/platform/relay"
	"create-service/templates/service/kernel/fault"
)

// TestOneTraceHoldsTheRequestTheEventAndItsEffect follows a trace from a request through the outbox, the topic, the
// handler and the dead-letter topic to the handler in a replay.
func TestOneTraceHoldsTheRequestTheEventAndItsEffect(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	client := open(t, cfg)
	tracer := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(client.spans)).Tracer("test")
	requested, request := tracer.Start(t.Context(), "POST /v1/orders")
	m := outgoing("o-1", 1)
	m.Trace = map[string]string{}
	propagation.TraceContext{}.Inject(requested, propagation.MapCarrier(m.Trace))
	request.End()
	require.Equal(t, []error{nil}, client.Send(t.Context(), []relay.Outgoing{m}))

	refuse := func(ctx context.Context, _ kafka.Event) error {
		_, effect := tracer.Start(ctx, "INSERT")
		effect.End()
		return fault.New(fault.WrongState, "not yet")
	}
	stop := consume(t, client, refuse)
	kafkatest.Read(t, cfg, deadLetters, 1)
	stop()
	_, err := client.Replay(t.Context(), subscription(new(seen).handle), limits())
	require.NoError(t, err)

	send := span(t, client, "send "+cfg.TopicPrefix+topic)
	process := span(t, client, "process "+cfg.TopicPrefix+topic)
	replayed := span(t, client, "process "+cfg.TopicPrefix+deadLetters)
	effect := span(t, client, "INSERT")
	require.Equal(t, request.SpanContext().SpanID(), send.Parent().SpanID())
	require.Equal(t, send.SpanContext().SpanID(), process.Parent().SpanID())
	require.Equal(t, process.SpanContext().SpanID(), effect.Parent().SpanID())
	require.Equal(t, send.SpanContext().SpanID(), replayed.Parent().SpanID())
	for _, s := range []sdktrace.ReadOnlySpan{send, process, effect, replayed} {
		require.Equal(t, request.SpanContext().TraceID(), s.SpanContext().TraceID(), s.Name())
	}

	require.Equal(t, trace.SpanKindConsumer, process.SpanKind())
	require.Equal(t, sdktrace.Status{Code: codes.Error, Description: "wrong_state"}, process.Status())
	require.Equal(t, codes.Unset, replayed.Status().Code)
	for _, want := range []attribute.KeyValue{
		attribute.String("messaging.system", "kafka"),
		attribute.String("messaging.consumer.group.name", cfg.TopicPrefix+"shipping.order-created"),
		attribute.String("messaging.message.id", m.ID.String()),
		attribute.String("cloudevents.event_type", "orders.order.created.v1"),
		attribute.String("error.type", "wrong_state"),
		attribute.Int64("messaging.kafka.offset", 0),
	} {
		require.Contains(t, process.Attributes(), want)
	}
}

func span(t *testing.T, client *reported, name string) sdktrace.ReadOnlySpan {
	t.Helper()
	var found sdktrace.ReadOnlySpan
	eventually(t, name, func() bool {
		for _, s := range client.spans.Ended() {
			if s.Name() == name {
				found = s
			}
		}
		return found != nil
	})
	return found
}
