// Package protobody reads a message of the API into the fields that a method names, and writes values back.
//
// Fields have presence, so that one that is absent differs from one that is zero, and a field mask (AIP-134) may say
// which of them count. Every bad field is named at once:
//
//	var details order.Details
//	err := protobody.Decode(protobody.Given(),
//		protobody.Parsed("customer_id", in.CustomerId, &details.CustomerID),
//		protobody.To("email", in.Email, &details.Email),
//		protobody.OutputOnly("state"),
//	)
package protobody

import (
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"time"

	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/platform/literal"
)

// Field is one field that a message may have.
type Field struct {
	name  string
	given bool
	// read puts the value where it belongs, which is nil for one that was not given. Nil when clients may not send it.
	read func() error
	// text is the value as a query parameter would have it.
	text func() string
}

// To takes a value as it is. T is string, bool, int32 or int64; for float64 see [Float].
func To[T string | bool | int32 | int64](name string, value *T, dst **T) Field {
	return Field{
		name:  name,
		given: value != nil,
		read: func() error {
			*dst = value
			return nil
		},
		text: func() string { return plain(*value) },
	}
}

// Float is [To] for a finite number.
func Float(name string, value *float64, dst **float64) Field {
	return Field{
		name:  name,
		given: value != nil,
		read: func() error {
			if value != nil && (math.IsNaN(*value) || math.IsInf(*value, 0)) {
				return errors.New("must be a finite number")
			}
			*dst = value
			return nil
		},
		text: func() string { return plain(*value) },
	}
}

// Parsed reads a value from its text. T is a type that [literal.Parse] reads, such as a UUID, a decimal number or a date.
func Parsed[T any](name string, value *string, dst **T) Field {
	return Field{
		name:  name,
		given: value != nil,
		read: func() error {
			if value == nil {
				*dst = nil
				return nil
			}
			parsed := new(T)
			if err := literal.Parse(*value, parsed); err != nil {
				return err
			}
			*dst = parsed
			return nil
		},
		text: func() string { return *value },
	}
}

// Time reads a time, in UTC and whole microseconds.
func Time(name string, value *timestamppb.Timestamp, dst **time.Time) Field {
	return Field{
		name:  name,
		given: value != nil,
		read: func() error {
			if value == nil {
				*dst = nil
				return nil
			}
			if err := value.CheckValid(); err != nil {
				return errors.New("must be a time of the years 1 to 9999")
			}
			*dst = new(value.AsTime().Truncate(time.Microsecond))
			return nil
		},
		text: func() string { return value.AsTime().Format(time.RFC3339Nano) },
	}
}

// Enum reads a value by its number; zero stands for none.
func Enum[T ~string, E ~int32](name string, number E, dst **T, values []Value[T, E]) Field {
	return Field{
		name:  name,
		given: number != 0,
		read: func() error {
			if number == 0 {
				*dst = nil
				return nil
			}
			value, known := find(values, number)
			if !known {
				return errors.New("is not a number of this enum")
			}
			*dst = &value
			return nil
		},
		text: func() string {
			value, _ := find(values, number)
			return string(value)
		},
	}
}

// JSON reads a value of any shape as its JSON text; null stands for none.
func JSON(name string, value *structpb.Value, dst *json.RawMessage) Field {
	_, isNull := value.GetKind().(*structpb.Value_NullValue)
	return Field{
		name:  name,
		given: value != nil,
		read: func() error {
			if value == nil || isNull {
				*dst = nil
				return nil
			}
			text, err := jsonOf(value)
			if err != nil {
				return err
			}
			*dst = text
			return nil
		},
	}
}

// OutputOnly names a field that only answers have. A request may hold it, because clients send back what they got, and it
// counts for nothing (AIP-203); a mask that names it is a violation of the rule "output_only".
func OutputOnly(name string) Field { return Field{name: name} }

// Decode reads the fields that the mask takes. The error is a [*fault.Error] that names every bad field:
// [fault.Malformed] when one is unknown or could not be read, [fault.Invalid] when the only fault is that the mask names
// output-only ones.
func Decode(mask Mask, fields ...Field) error {
	d := decoding{kind: fault.Invalid}
	d.checkPaths(mask, fields)
	for _, f := range fields {
		if f.read == nil || !mask.takes(f) {
			continue
		}
		if err := f.read(); err != nil {
			d.refuse(f.name, "type", err.Error())
		}
	}
	return d.err()
}

// plain writes a value as a query parameter would have it.
func plain(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case bool:
		return strconv.FormatBool(value)
	case int32:
		return strconv.FormatInt(int64(value), 10)
	case int64:
		return strconv.FormatInt(value, 10)
	case float64:
		return strconv.FormatFloat(value, 'g', -1, 64)
	default:
		return ""
	}
}
