package protobody

import (
	"errors"
	"slices"
	"strings"

	"create-service/templates/service/kernel/fault"
)

// mostViolations bounds the answer to a message that is wrong in a thousand places.
const mostViolations = 50

// longestName is how many bytes of an unknown field's name are given back.
const longestName = 64

// decoding is one message while it is read.
type decoding struct {
	kind       fault.Kind
	violations []fault.Violation
}

// checkPaths refuses what a mask names and nobody may change.
func (d *decoding) checkPaths(mask Mask, fields []Field) {
	for _, path := range mask.paths {
		at := slices.IndexFunc(fields, func(f Field) bool { return f.name == path })
		switch {
		case at < 0:
			d.refuse(strings.ToValidUTF8(path[:min(len(path), longestName)], ""), "unknown", "is not a field of this request")
		case fields[at].read == nil:
			d.add(path, "output_only", "is set by the service and cannot be sent")
		}
	}
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

func (d *decoding) err() error {
	if len(d.violations) == 0 {
		return nil
	}
	return &fault.Error{Kind: d.kind, Message: "some fields cannot be accepted", Violations: d.violations}
}

// Within puts the name of the field that holds a message in front of the fields that err names: a caller knows
// "customer_id" as "order.customer_id". Every other error, and nil, stays as it is.
func Within(name string, err error) error {
	var refusal *fault.Error
	if !errors.As(err, &refusal) || len(refusal.Violations) == 0 {
		return err
	}
	inside := &fault.Error{Kind: refusal.Kind, Message: refusal.Message}
	for _, v := range refusal.Violations {
		v.Field = name + "." + v.Field
		inside.Violations = append(inside.Violations, v)
	}
	return inside
}
