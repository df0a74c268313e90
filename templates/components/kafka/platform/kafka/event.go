package kafka

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/kernel/message"
)

const (
	specVersion = "1.0"
	// contentType is that of an event in structured mode, dataContentType that of the data in it.
	contentType     = "application/cloudevents+json"
	dataContentType = "application/json"
)

// Event is a CloudEvent 1.0. Its JSON is the structured mode of the specification; members that are not known here are
// skipped, so that an older consumer reads a newer event.
type Event struct {
	// ID is unique among the events of one source. A repeated event has the same.
	ID string
	// Source is who published it: "/orders".
	Source string
	// Type is what happened: "orders.order.created.v1".
	Type string
	// Subject is the id of the aggregate to which it happened. May be empty when others publish.
	Subject string
	// Time is when it happened; the zero time when it is not said.
	Time time.Time
	// Version is the aggregate's after it, so that a consumer can tell an older state from a newer one; zero when it is
	// not said.
	Version int64
	// Data is JSON; see [Event.Decode].
	Data json.RawMessage
}

// Decode reads the data into v, a pointer. Members that v does not know are skipped, and what is absent stays as it is
// in v. An error is a [fault.Malformed] without any of the values.
func (e Event) Decode(v any) error {
	err := json.Unmarshal(e.Data, v)
	if err == nil {
		return nil
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
		return fault.Field(fault.Malformed, wrong.Field, "type", "has a type in the event that is not expected")
	}
	return fault.New(fault.Malformed, "the event's data is not what is expected")
}

// Unit returns the unit under which the effect of e happens once for the consumer: its key is remembered for keep,
// which must be longer than the topic keeps the event.
//
// The key is the event's id alone, which must be unique among all sources of the topic, as a UUID is. Where a foreign
// producer's is not, put its source into e.ID before.
func (e Event) Unit(consumer string, keep time.Duration) message.Unit {
	return message.Unit{Once: consumer + "/" + e.ID, Digest: sha256.Sum256(e.Data), Keep: keep}
}

// envelope is an event on the wire.
type envelope struct {
	SpecVersion     string          `json:"specversion"`
	ID              string          `json:"id"`
	Source          string          `json:"source"`
	Type            string          `json:"type"`
	Subject         string          `json:"subject,omitempty"`
	Time            *time.Time      `json:"time,omitempty"`
	DataContentType string          `json:"datacontenttype,omitempty"`
	Version         version         `json:"version,omitempty"`
	Data            json.RawMessage `json:"data,omitempty"`
}

// MarshalJSON returns the event in structured mode.
func (e Event) MarshalJSON() ([]byte, error) {
	wire := envelope{
		SpecVersion: specVersion,
		ID:          e.ID,
		Source:      e.Source,
		Type:        e.Type,
		Subject:     e.Subject,
		Version:     version(e.Version),
		Data:        e.Data,
	}
	if !e.Time.IsZero() {
		utc := e.Time.UTC()
		wire.Time = &utc
	}
	if len(e.Data) > 0 {
		wire.DataContentType = dataContentType
	}
	return json.Marshal(wire)
}

var errNoEvent = fault.New(fault.Malformed, "the record is no CloudEvent 1.0 in structured JSON")

// UnmarshalJSON reads an event in structured mode. An error is a [fault.Malformed] without any of the values.
func (e *Event) UnmarshalJSON(text []byte) error {
	var wire envelope
	if err := json.Unmarshal(text, &wire); err != nil {
		return errNoEvent
	}
	if wire.SpecVersion != specVersion || wire.ID == "" || wire.Source == "" || wire.Type == "" {
		return errNoEvent
	}
	*e = Event{
		ID:      wire.ID,
		Source:  wire.Source,
		Type:    wire.Type,
		Subject: wire.Subject,
		Version: int64(wire.Version),
		Data:    wire.Data,
	}
	if wire.Time != nil {
		e.Time = wire.Time.UTC()
	}
	return nil
}

// version is an int64 as JSON of CloudEvents has it: a text, since its integers have 32 bits. Numbers are read, too.
type version int64

// MarshalText returns the number's digits.
func (v version) MarshalText() ([]byte, error) {
	return strconv.AppendInt(nil, int64(v), 10), nil
}

// UnmarshalJSON reads a text or a number; null is none.
func (v *version) UnmarshalJSON(text []byte) error {
	digits := string(text)
	if digits == "null" {
		return nil
	}
	if unquoted, err := strconv.Unquote(digits); err == nil {
		digits = unquoted
	}
	number, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return errNoEvent
	}
	*v = version(number)
	return nil
}
