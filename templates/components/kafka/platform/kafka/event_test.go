package kafka_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/service/kernel/fault"
)

func TestEventIsACloudEvent(t *testing.T) {
	t.Parallel()
	e := kafka.Event{
		ID:      "0190a6c2-7b1e-7d3a-9f00-00000000000a",
		Source:  "/orders",
		Type:    "orders.order.created.v1",
		Subject: "o-1",
		Time:    time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.FixedZone("", 3600)),
		Version: 9007199254740993,
		Data:    json.RawMessage(`{"total":"1.50"}`),
	}
	text, err := json.Marshal(e)
	require.NoError(t, err)
	require.JSONEq(t, `{
		"specversion": "1.0",
		"id": "0190a6c2-7b1e-7d3a-9f00-00000000000a",
		"source": "/orders",
		"type": "orders.order.created.v1",
		"subject": "o-1",
		"time": "2026-01-02T02:04:05.000006Z",
		"datacontenttype": "application/json",
		"version": "9007199254740993",
		"data": {"total": "1.50"}
	}`, string(text))
	var back kafka.Event
	require.NoError(t, json.Unmarshal(text, &back))
	e.Time = e.Time.UTC()
	require.Equal(t, e, back)
}

func TestEventOfOthersIsRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want kafka.Event
	}{
		"no more than is required": {
			`{"specversion":"1.0","id":"1","source":"/a","type":"t"}`,
			kafka.Event{ID: "1", Source: "/a", Type: "t"},
		},
		"members that nobody here knows": {
			`{"specversion":"1.0","id":"1","source":"/a","type":"t","dataschema":"urn:x","partitionkey":"k","new":{"deep":[1]}}`,
			kafka.Event{ID: "1", Source: "/a", Type: "t"},
		},
		"a version as a number": {
			`{"specversion":"1.0","id":"1","source":"/a","type":"t","version":7}`,
			kafka.Event{ID: "1", Source: "/a", Type: "t", Version: 7},
		},
		"null for what is absent": {
			`{"specversion":"1.0","id":"1","source":"/a","type":"t","version":null,"time":null,"subject":null}`,
			kafka.Event{ID: "1", Source: "/a", Type: "t"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got kafka.Event
			require.NoError(t, json.Unmarshal([]byte(tt.text), &got))
			require.Equal(t, tt.want, got)
		})
	}
}

func TestWhatIsNoEventIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"another specification":  `{"specversion":"0.3","id":"1","source":"/a","type":"t"}`,
		"no id":                  `{"specversion":"1.0","source":"/a","type":"t"}`,
		"no source":              `{"specversion":"1.0","id":"1","type":"t"}`,
		"no type":                `{"specversion":"1.0","id":"1","source":"/a"}`,
		"an id of another type":  `{"specversion":"1.0","id":1,"source":"/a","type":"t"}`,
		"a time that is none":    `{"specversion":"1.0","id":"1","source":"/a","type":"t","time":"jane@example.com"}`,
		"a version that is none": `{"specversion":"1.0","id":"1","source":"/a","type":"t","version":"jane@example.com"}`,
		"a list":                 `[]`,
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var e kafka.Event
			err := json.Unmarshal([]byte(text), &e)
			require.Equal(t, fault.Malformed, fault.KindOf(err))
			require.NotContains(t, err.Error(), "jane")
		})
	}
}

func TestDataOfANewerOrOlderEventIsDecoded(t *testing.T) {
	t.Parallel()
	type order struct {
		ID   uuid.UUID `json:"id"`
		Note *string   `json:"note"`
	}
	id := uuid.New()
	tests := map[string]struct {
		data string
		want order
	}{
		"newer: members that are not known": {`{"id":"` + id.String() + `","note":"n","priority":3,"lines":[{}]}`, order{ID: id, Note: new("n")}},
		"older: members that are absent":    {`{"id":"` + id.String() + `"}`, order{ID: id}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got order
			require.NoError(t, kafka.Event{Data: json.RawMessage(tt.data)}.Decode(&got))
			require.Equal(t, tt.want, got)
		})
	}
}

func TestDataThatIsNotExpectedIsRefusedWithoutItsValues(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"a wrong type":          `{"count":"jane@example.com"}`,
		"a number out of range": `{"count":4711471147114711471147}`,
		"a wrong uuid":          `{"id":"jane@example.com"}`,
		"no JSON":               `jane@example.com`,
		"nothing":               ``,
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got struct {
				ID    uuid.UUID `json:"id"`
				Count int32     `json:"count"`
			}
			err := kafka.Event{Data: json.RawMessage(data)}.Decode(&got)
			require.Equal(t, fault.Malformed, fault.KindOf(err))
			require.NotContains(t, err.Error(), "jane")
			require.NotContains(t, err.Error(), "4711")
		})
	}
}

func TestUnitIsOfTheConsumerAndTheEvent(t *testing.T) {
	t.Parallel()
	first := event("a", 1).Unit("order-created", time.Hour)
	require.Equal(t, "order-created/a-1", first.Once)
	require.Equal(t, time.Hour, first.Keep)
	require.Equal(t, first, event("a", 1).Unit("order-created", time.Hour))
	changed := event("a", 1)
	changed.Data = json.RawMessage(`{"n":2}`)
	require.NotEqual(t, first.Digest, changed.Unit("order-created", time.Hour).Digest)
	require.NotEqual(t, first.Once, event("a", 1).Unit("another", time.Hour).Once)
}
