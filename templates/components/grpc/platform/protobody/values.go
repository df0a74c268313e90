package protobody

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/shopspring/decimal"
	"google.golang.org/protobuf/types/known/structpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Value is one value of an enum with the number that stands for it.
type Value[T ~string, E ~int32] struct {
	Text   T
	Number E
}

// NumberOf returns the number of a value; nil and what is not among the values are zero.
func NumberOf[T ~string, E ~int32](value *T, values []Value[T, E]) E {
	if value == nil {
		return 0
	}
	at := slices.IndexFunc(values, func(v Value[T, E]) bool { return v.Text == *value })
	if at < 0 {
		return 0
	}
	return values[at].Number
}

func find[T ~string, E ~int32](values []Value[T, E], number E) (text T, known bool) {
	at := slices.IndexFunc(values, func(v Value[T, E]) bool { return v.Number == number })
	if at < 0 {
		return "", false
	}
	return values[at].Text, true
}

// Text returns the text of a value; nil stays nil.
func Text[T fmt.Stringer](value *T) *string {
	if value == nil {
		return nil
	}
	return new((*value).String())
}

// Fixed returns a decimal with exactly places digits after the point; nil stays nil.
func Fixed(value *decimal.Decimal, places int32) *string {
	if value == nil {
		return nil
	}
	return new(value.StringFixed(places))
}

// Timestamp returns a time; nil stays nil.
func Timestamp(value *time.Time) *timestamppb.Timestamp {
	if value == nil {
		return nil
	}
	return timestamppb.New(*value)
}

// Any returns the value that a JSON text stands for; nil and null, which a nil that was kept as JSON comes back as, are
// nil. Its numbers are float64, so that of an integer beyond 2^53 digits are lost.
func Any(text json.RawMessage) (*structpb.Value, error) {
	if text == nil || string(text) == "null" {
		return nil, nil
	}
	var parsed any
	if err := json.Unmarshal(text, &parsed); err != nil {
		return nil, fmt.Errorf("read JSON that is kept: %w", err)
	}
	value, err := structpb.NewValue(parsed)
	if err != nil {
		return nil, fmt.Errorf("encode JSON as a value: %w", err)
	}
	return value, nil
}

// deepest is how many levels of lists and objects a value may have: MariaDB takes 31 within a list.
const deepest = 31

// jsonOf writes a value as JSON, its members sorted.
func jsonOf(value *structpb.Value) (json.RawMessage, error) {
	if err := checkValue(value, deepest); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value.AsInterface()); err != nil {
		return nil, fmt.Errorf("cannot be written as JSON: %w", err)
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}

// checkValue refuses what JSON cannot hold, and what a database that stores JSON does not.
func checkValue(value *structpb.Value, levels int) error {
	switch kind := value.GetKind().(type) {
	case nil:
		return errors.New("must not hold a value without a kind")
	case *structpb.Value_NumberValue:
		if math.IsNaN(kind.NumberValue) || math.IsInf(kind.NumberValue, 0) {
			return errors.New("must not hold a number that is not finite")
		}
	case *structpb.Value_ListValue:
		return checkValues(slices.Values(kind.ListValue.GetValues()), levels-1)
	case *structpb.Value_StructValue:
		return checkValues(maps.Values(kind.StructValue.GetFields()), levels-1)
	}
	return nil
}

func checkValues(values iter.Seq[*structpb.Value], levels int) error {
	if levels < 0 {
		return fmt.Errorf("must not be nested more than %d levels deep", deepest)
	}
	for value := range values {
		if err := checkValue(value, levels); err != nil {
			return err
		}
	}
	return nil
}
