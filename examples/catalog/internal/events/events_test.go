package events_test

import (
	"testing"

	"github.com/acme/catalog/internal/events"
	"github.com/acme/catalog/internal/platform/kafka"
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
