package kafka_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/components/kafka/platform/kafkatest"
	"create-service/templates/components/outbox/platform/relay"
	"create-service/templates/service/kernel/fault"
)

// large is the data of an event that no topic of a [modest] service takes. It does not become smaller by compression.
func large() json.RawMessage {
	const bytes = 200_000
	var text strings.Builder
	for text.Len() < bytes {
		text.WriteString(rand.Text())
	}
	return json.RawMessage(`"` + text.String() + `"`)
}

// modest returns cfg as a service has it whose topics take much less than those of others.
func modest(cfg kafka.Config) kafka.Config {
	cfg.MaxMessageBytes = 4096
	return cfg
}

func TestDeadLetterThatIsTooLargeIsBuriedWithoutItsValue(t *testing.T) {
	t.Parallel()
	for _, refusing := range []string{"client", "broker"} {
		t.Run(refusing, func(t *testing.T) {
			t.Parallel()
			cfg := kafkatest.Config(t)
			kafkatest.Create(t, cfg, kafka.Topic{Name: topic, Partitions: 1})
			kafkatest.Create(t, modest(cfg), kafka.Topic{Name: deadLetters, Partitions: 1})
			first := event("o-1", 1)
			first.Data = large()
			kafkatest.Publish(t, cfg, topic, first, event("o-1", 2))
			original := kafkatest.Read(t, cfg, topic, 1)[0]
			if refusing == "client" {
				cfg = modest(cfg)
			}
			client := open(t, cfg)
			var got seen
			stop := consume(t, client, func(ctx context.Context, e kafka.Event) error {
				if e.Version == 1 {
					return fault.New(fault.WrongState, "not yet")
				}
				return got.handle(ctx, e)
			})
			eventually(t, "the next event", func() bool { return len(got.all()) == 1 })
			stop()
			dead := kafkatest.Read(t, cfg, deadLetters, 1)[0]
			require.Equal(t, "o-1", string(dead.Key))
			require.Empty(t, dead.Value)
			headers := headersOf(dead)
			require.Equal(t, strconv.Itoa(len(original.Value)), headers[kafka.HeaderOmitted])
			require.Equal(t, "not yet", headers[kafka.HeaderReason])
			require.Equal(t, "wrong_state", headers[kafka.HeaderKind])
			require.Equal(t, original.Topic, headers[kafka.HeaderTopic])
			require.Equal(t, "0", headers[kafka.HeaderPartition])
			require.Equal(t, "0", headers[kafka.HeaderOffset])
			require.InDelta(t, 1, value(t, client.registry, "messaging_consumer_dead_letters_total", "any"), 0)

			done, err := open(t, cfg).Replay(t.Context(), subscription(got.handle), limits())
			require.NoError(t, err)
			require.Equal(t, kafka.Replayed{Failed: 1}, done)
			require.Len(t, got.all(), 1, "the handler gets no event without its value")
			again := headersOf(kafkatest.Read(t, cfg, deadLetters, 1)[0])
			require.Equal(t, headers[kafka.HeaderOmitted], again[kafka.HeaderOmitted])
			require.Equal(t, "too_large", again[kafka.HeaderKind])
			require.Contains(t, again[kafka.HeaderReason], "handle the record where it was")
		})
	}
}

func TestEventThatItsTopicRefusesIsPermanentAndNoOther(t *testing.T) {
	t.Parallel()
	cfg := kafkatest.Config(t)
	kafkatest.Create(t, modest(cfg), kafka.Topic{Name: topic, Partitions: 1})
	client := open(t, cfg)
	refused := outgoing("o-1", 2)
	refused.Data = large()
	messages := []relay.Outgoing{outgoing("o-2", 1), outgoing("o-1", 1), refused, outgoing("o-3", 1)}
	errs := client.Send(t.Context(), messages)
	require.NoError(t, errs[0], "it was only beside the one that is too large")
	require.NoError(t, errs[1])
	require.ErrorIs(t, errs[2], relay.ErrPermanent)
	require.ErrorContains(t, errs[2], topic)
	require.NoError(t, errs[3])

	var got []string
	for _, e := range kafkatest.Events(t, cfg, topic, 3) {
		got = append(got, fmt.Sprint(e.Subject, " ", e.Version))
	}
	require.ElementsMatch(t, []string{"o-1 1", "o-2 1", "o-3 1"}, got)
}

func TestNothingOfAKeyIsSentAgainBehindAnEventThatItsTopicRefuses(t *testing.T) {
	t.Parallel()
	cfg := kafkatest.Config(t)
	kafkatest.Create(t, modest(cfg), kafka.Topic{Name: topic, Partitions: 1})
	client := open(t, cfg)
	first, second := outgoing("o-1", 1), outgoing("o-1", 2)
	first.Data, second.Data = large(), large()
	errs := client.Send(t.Context(), []relay.Outgoing{first, second})
	require.ErrorIs(t, errs[0], relay.ErrPermanent)
	require.Error(t, errs[1])
	require.NotErrorIs(t, errs[1], relay.ErrPermanent)
}
