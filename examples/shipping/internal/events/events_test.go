package events_test

import (
	"context"
	"testing"
	"time"

	"github.com/acme/shipping/internal/events"
	"github.com/acme/shipping/internal/message"
	"github.com/acme/shipping/internal/platform/kafka"
)

func TestTopicsAreDeclaredOnce(t *testing.T) {
	declared := map[string]bool{}
	for _, topic := range events.Topics() {
		if declared[topic.Name] {
			t.Errorf("topic %s is declared twice", topic.Name)
		}
		declared[topic.Name] = true
		if own := topic.Owner == ""; own == (topic.Partitions == 0) {
			t.Errorf("topic %s has the owner %q and %d partitions: the service's own have some, others' none", topic.Name, topic.Owner, topic.Partitions)
		}
	}
	for _, s := range events.Subscriptions(events.UseCases{}) {
		if !declared[s.Topic] || !declared[s.DeadLetters] {
			t.Errorf("consumer %s: its topics are not declared", s.Consumer)
		}
	}
}

// memoryInbox remembers in memory what was received.
type memoryInbox struct {
	units []message.Unit
}

func (i *memoryInbox) Receive(_ context.Context, unit message.Unit) error {
	i.units = append(i.units, unit)
	return nil
}

// want checks that one unit was received, under the once-key; none, when the key is empty.
func (i *memoryInbox) want(t *testing.T, onceKey string) {
	t.Helper()
	if onceKey == "" {
		if len(i.units) != 0 {
			t.Errorf("received %v, want nothing", i.units)
		}
		return
	}
	if len(i.units) != 1 || i.units[0].Once != onceKey {
		t.Fatalf("received %v, want one unit under %s", i.units, onceKey)
	}
	if longest := 14 * 24 * time.Hour; i.units[0].Keep <= longest {
		t.Errorf("the once-key is kept for %s, and dead letters for %s", i.units[0].Keep, longest)
	}
}

// handlerOf returns the handler of a consumer.
func handlerOf(t *testing.T, consumer string, use events.UseCases) kafka.Handler {
	t.Helper()
	for _, s := range events.Subscriptions(use) {
		if s.Consumer == consumer {
			return s.Handle
		}
	}
	t.Fatalf("there is no consumer %s", consumer)
	return nil
}
