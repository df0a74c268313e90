package e2e_test

import (
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"github.com/acme/orders/internal/platform/kafka"
	"github.com/acme/orders/internal/platform/kafkatest"
)

func TestDeadLettersAreReplayed(t *testing.T) {
	s := start(t)
	cfg := kafkatest.ConfigOf(t, s.environ)
	kafkatest.Write(t, cfg, &kgo.Record{Topic: cfg.TopicPrefix + "payments.payment.v1", Value: []byte("no event")})
	kafkatest.Read(t, cfg, "payments.payment.v1.orders.payment-captured.dlq", 1)

	text, err := s.command(t.Context(), "replay", "-consumer", "payment-captured").CombinedOutput()
	if err != nil {
		t.Fatalf("replay: %v\n%s", err, text)
	}
	if !strings.Contains(string(text), `failed":1`) {
		t.Errorf("the replay of one record that is no event wrote:\n%s", text)
	}
	again := kafkatest.Read(t, cfg, "payments.payment.v1.orders.payment-captured.dlq", 1)[0]
	attempts := ""
	for _, header := range again.Headers {
		if header.Key == kafka.HeaderAttempts {
			attempts = string(header.Value)
		}
	}
	if attempts != "2" {
		t.Errorf("%q attempts after a replay, want 2", attempts)
	}
	s.wantFailure(t, nil, "replay", "-consumer", "nobody")
}
