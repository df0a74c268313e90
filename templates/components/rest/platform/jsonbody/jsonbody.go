// Package jsonbody reads a JSON object into the fields that a handler names, and nothing else.
//
// encoding/json takes the last of two members of one name, ignores unknown ones, matches names without regard to
// case, stops at the first wrong type and mends broken text. A request that does any of that means something else
// than what would be stored, so here all of it is refused, every bad field at once:
//
//	var in order.New
//	err := jsonbody.Decode(body,
//		jsonbody.To("customer_id", &in.CustomerID),
//		jsonbody.To("total", &in.Total),
//		jsonbody.OutputOnly("state"),
//	)
package jsonbody

import (
	"strings"

	"create-service/templates/service/kernel/fault"
)

// mostViolations bounds the answer to a body that is wrong in a thousand places.
const mostViolations = 50

// longestName is how many bytes of an unknown member's name are given back.
const longestName = 64

// Field is one member that the object may have.
type Field struct {
	name string
	// read takes the member's value; nil when clients may not send it.
	read func(value []byte) error
}

// To reads the member into *dst. An absent member leaves *dst as it is, null makes it nil, a value of another type
// is a violation of the rule "type".
//
// T is a type that literal.Parse reads. In JSON, bool, int32 and float64 are themselves; int64 and decimal.Decimal are
// strings, and numbers are read as well; the rest are strings. For a member of any type see [Raw] and [Merge].
func To[T any](name string, dst **T) Field {
	return Field{name: name, read: func(value []byte) error {
		if isNull(value) {
			*dst = nil
			return nil
		}
		parsed := new(T)
		if err := parse(value, parsed); err != nil {
			return err
		}
		*dst = parsed
		return nil
	}}
}

// OutputOnly names a member that only answers have: in a request it is a violation of the rule "output_only".
func OutputOnly(name string) Field { return Field{name: name} }

// Decode reads the object. The error is a [*fault.Error] that names every bad member: [fault.Malformed] when one
// could not be read, [fault.Invalid] when the only fault is that output-only members were sent.
func Decode(body []byte, fields ...Field) error {
	if err := check(body); err != nil {
		return err
	}
	d := decoding{fields: fields, seen: make([]bool, len(fields)), kind: fault.Invalid}
	for name, value := range members(body) {
		d.take(name, value)
	}
	if len(d.violations) == 0 {
		return nil
	}
	return &fault.Error{Kind: d.kind, Message: "some fields cannot be accepted", Violations: d.violations}
}

// decoding is one object while it is read.
type decoding struct {
	fields     []Field
	seen       []bool
	kind       fault.Kind
	violations []fault.Violation
}

func (d *decoding) take(name string, value []byte) {
	at := d.find(name)
	if at < 0 {
		d.refuse(shortened(name), "unknown", "is not a field of this request")
		return
	}
	if d.seen[at] {
		d.refuse(name, "duplicate", "is given more than once")
		return
	}
	d.seen[at] = true
	if d.fields[at].read == nil {
		d.add(name, "output_only", "is set by the service and cannot be sent")
		return
	}
	if err := d.fields[at].read(value); err != nil {
		d.refuse(name, "type", err.Error())
	}
}

func (d *decoding) find(name string) int {
	for i := range d.fields {
		if d.fields[i].name == name {
			return i
		}
	}
	return -1
}

func (d *decoding) refuse(field, rule, message string) {
	d.kind = fault.Malformed
	d.add(field, rule, message)
}

func (d *decoding) add(field, rule, message string) {
	if len(d.violations) < mostViolations {
		d.violations = append(d.violations, fault.Violation{Field: field, Rule: rule, Message: message})
	}
}

func shortened(name string) string {
	return strings.ToValidUTF8(name[:min(len(name), longestName)], "")
}
