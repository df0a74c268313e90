package kafka_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/components/kafka/platform/kafkatest"
	"create-service/templates/components/outbox/platform/relay"
)

const traceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

func TestSendPublishesCloudEvents(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	client := open(t, cfg)
	m := outgoing("o-1", 3)
	m.Trace = map[string]string{"traceparent": traceParent, "tracestate": "vendor=1"}
	require.Equal(t, []error{nil}, client.Send(t.Context(), []relay.Outgoing{m}))

	record := kafkatest.Read(t, cfg, topic, 1)[0]
	require.Equal(t, "o-1", string(record.Key))
	require.JSONEq(t, `{
		"specversion": "1.0", "id": "`+m.ID.String()+`", "source": "/shipping", "type": "orders.order.created.v1", "subject": "o-1",
		"time": "2026-01-02T03:04:05.000006Z", "datacontenttype": "application/json", "version": "3", "data": {"n": 3}
	}`, string(record.Value))
	headers := map[string]string{}
	for _, h := range record.Headers {
		headers[h.Key] = string(h.Value)
	}
	require.Equal(t, "application/cloudevents+json", headers["content-type"])
	require.Equal(t, "vendor=1", headers["tracestate"])
	require.Len(t, headers, 3)

	span := client.spans.Ended()[0]
	require.Equal(t, trace.SpanKindProducer, span.SpanKind())
	require.Equal(t, "send "+record.Topic, span.Name())
	require.Equal(t, "b7ad6b7169203331", span.Parent().SpanID().String())
	require.Equal(t, fmt.Sprintf("00-0af7651916cd43dd8448eb211c80319c-%s-01", span.SpanContext().SpanID()), headers["traceparent"])
	require.Contains(t, span.Attributes(), attribute.String("messaging.message.id", m.ID.String()))
	require.InDelta(t, 1, value(t, client.registry, "messaging_client_operation_duration_seconds", record.Topic), 0)
}

func TestSendKeepsTheOrderOfAKey(t *testing.T) {
	t.Parallel()
	const keys, each = 10, 50
	cfg := created(t, 4)
	client := open(t, cfg)
	for first := 0; first < each; first += 10 {
		var messages []relay.Outgoing
		for n := first; n < first+10; n++ {
			for key := range keys {
				messages = append(messages, outgoing(fmt.Sprint("o-", key), n))
			}
		}
		for _, err := range client.Send(t.Context(), messages) {
			require.NoError(t, err)
		}
	}
	next := map[string]int64{}
	for _, e := range kafkatest.Events(t, cfg, topic, keys*each) {
		require.Equal(t, next[e.Subject], e.Version, "of %s", e.Subject)
		next[e.Subject]++
	}
}

func TestTooLargeEventIsPermanentAndHoldsItsKeyBack(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	cfg.MaxMessageBytes = 4096
	client := open(t, cfg)
	large := outgoing("o-1", 2)
	large.Data = json.RawMessage(`"` + strings.Repeat("x", 4096) + `"`)
	errs := client.Send(t.Context(), []relay.Outgoing{outgoing("o-1", 1), large, outgoing("o-1", 3), outgoing("o-2", 1)})
	require.NoError(t, errs[0])
	require.ErrorIs(t, errs[1], relay.ErrPermanent)
	require.ErrorContains(t, errs[1], "KAFKA_MAX_MESSAGE_BYTES")
	require.Error(t, errs[2])
	require.NotErrorIs(t, errs[2], relay.ErrPermanent)
	require.NoError(t, errs[3])

	var got []string
	for _, e := range kafkatest.Events(t, cfg, topic, 2) {
		got = append(got, fmt.Sprint(e.Subject, " ", e.Version))
	}
	require.Equal(t, []string{"o-1 1", "o-2 1"}, got)
}

func TestLargestEventIsSent(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	client := open(t, cfg)
	m := outgoing("o-1", 1)
	m.Data = json.RawMessage(`"` + strings.Repeat("x", cfg.MaxMessageBytes-600) + `"`)
	require.Equal(t, []error{nil}, client.Send(t.Context(), []relay.Outgoing{m}))
	m.Data = json.RawMessage(`"` + strings.Repeat("x", cfg.MaxMessageBytes) + `"`)
	require.ErrorIs(t, client.Send(t.Context(), []relay.Outgoing{m})[0], relay.ErrPermanent)
}

func TestSendNeverCreatesATopic(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	cfg.DeliveryTimeout = 3 * time.Second
	client := open(t, cfg)
	lost := outgoing("o-1", 1)
	lost.Topic = "orders.nowhere.v1"
	errs := client.Send(t.Context(), []relay.Outgoing{lost, outgoing("o-1", 2)})
	require.ErrorContains(t, errs[0], "orders.nowhere.v1")
	require.NotErrorIs(t, errs[0], relay.ErrPermanent, "the topic may be created yet")
	require.NoError(t, errs[1], "another topic's events go on")
	require.False(t, exists(t, cfg, lost.Topic))

	spans := client.spans.Ended()
	require.Equal(t, codes.Error, spans[len(spans)-1].Status().Code)
	require.InDelta(t, 1, value(t, client.registry, "messaging_client_operation_duration_seconds", "unknown_topic"), 0)
}

func TestSendEndsWithItsContext(t *testing.T) {
	t.Parallel()
	cfg := created(t, 1)
	client := open(t, cfg)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	errs := client.Send(ctx, []relay.Outgoing{outgoing("o-1", 1), outgoing("o-1", 2)})
	require.Error(t, errs[0])
	require.Error(t, errs[1])
	require.NotErrorIs(t, errs[0], relay.ErrPermanent)
}

func TestSendOfNothing(t *testing.T) {
	t.Parallel()
	client := open(t, created(t, 1))
	require.Empty(t, client.Send(t.Context(), nil))
}
