package events_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/acme/orders/internal/events"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/order/ordertest"
	"github.com/acme/orders/internal/platform/asyncapitest"
)

func TestOrderEventsAreThoseOfTheDocument(t *testing.T) {
	contract := asyncapitest.Open(t, "../../api/asyncapi/orders.yaml")
	tests := map[string]order.Details{
		"some values":         ordertest.Details(),
		"other values":        ordertest.OtherDetails(),
		"the smallest values": ordertest.Smallest(),
		"the largest values":  ordertest.Largest(),
	}
	for name, details := range tests {
		t.Run(name, func(t *testing.T) {
			for _, verb := range []string{"created", "updated", "deleted", "pay", "cancel"} {
				contract.Check(t, events.Order(verb, ordertest.FromDetails(details, time.Now().UTC())))
			}
		})
	}
}

func TestOrderEventSaysWhatHappenedToWhich(t *testing.T) {
	o := ordertest.Order(time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.UTC))
	o.Version = 3
	got := events.Order("created", o)
	if got.Type != "orders.order.created.v1" || got.Topic != "orders.order.v1" {
		t.Errorf("type %s, topic %s", got.Type, got.Topic)
	}
	if got.Key != o.ID.String() || got.Version != 3 || !got.Time.Equal(o.UpdatedAt) {
		t.Errorf("key %s, version %d, time %s; want those of the order", got.Key, got.Version, got.Time)
	}
	if again := events.Order("created", o); again.ID == got.ID {
		t.Errorf("two events have the id %s", got.ID)
	}
}

func TestOrderEventHoldsNoPersonalData(t *testing.T) {
	text, err := json.Marshal(events.Order("created", ordertest.Order(time.Now().UTC())).Data)
	if err != nil {
		t.Fatal(err)
	}
	var data map[string]any
	if err := json.Unmarshal(text, &data); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"email"} {
		if value, found := data[name]; found {
			t.Errorf("%s is %v", name, value)
		}
	}
}
