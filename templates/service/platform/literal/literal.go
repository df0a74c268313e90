// Package literal reads values from the text that stands for them on the wire, in JSON strings and numbers and in
// query parameters alike.
package literal

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

// Parse reads text into dst, a pointer to a string or a named string type, bool, int, int32, int64, float64,
// [decimal.Decimal], [uuid.UUID], [time.Time] (RFC 3339, kept in UTC and whole microseconds) or anything that
// reads its own text. The error completes the sentence "<field> …" and never holds the text; dst is then unchanged.
func Parse(text string, dst any) error {
	switch dst := dst.(type) {
	case *string:
		*dst = text
		return nil
	case *bool:
		return parseBool(text, dst)
	case *int:
		return parseInteger(text, dst, strconv.IntSize)
	case *int32:
		return parseInteger(text, dst, 32)
	case *int64:
		return parseInteger(text, dst, 64)
	case *float64:
		return parseFloat(text, dst)
	case *decimal.Decimal:
		return parseDecimal(text, dst)
	case *uuid.UUID:
		return parseUUID(text, dst)
	case *time.Time:
		return parseTime(text, dst)
	case encoding.TextUnmarshaler:
		return parseOther(text, dst)
	default:
		return parseNamed(text, dst)
	}
}

func parseBool(text string, dst *bool) error {
	if text != "true" && text != "false" {
		return errors.New("must be true or false")
	}
	*dst = text == "true"
	return nil
}

// exactFloat is the first integer that a float64 may stand for without being it: 2^53+1 becomes 2^53.
const exactFloat = 1 << 53

// parseInteger also reads 1.0 and 1e3, which JSON Schema takes for integers.
func parseInteger[T int | int32 | int64](text string, dst *T, bits int) error {
	n, err := strconv.ParseInt(text, 10, bits)
	if err != nil {
		f, notFloat := strconv.ParseFloat(text, 64)
		n = int64(f)
		if notFloat != nil || math.Abs(f) >= exactFloat || float64(n) != f || int64(T(n)) != n {
			return fmt.Errorf("must be an integer of %d bits", bits)
		}
	}
	*dst = T(n)
	return nil
}

func parseFloat(text string, dst *float64) error {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return errors.New("must be a finite number")
	}
	*dst = f
	return nil
}

func parseUUID(text string, dst *uuid.UUID) error {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != len(uuid.Nil.String()) {
		return errors.New("must be a UUID")
	}
	*dst = id
	return nil
}

// parseTime keeps the year within what RFC 3339 can write in UTC: the first and last hours of its range leave it
// when their zone is taken away. Package time also reads "T4:05" and ",5", which are not RFC 3339 (go.dev/issue/54580).
func parseTime(text string, dst *time.Time) error {
	t, err := time.Parse(time.RFC3339, text)
	t = t.UTC()
	if err != nil || text[len("2006-01-02T15")] != ':' || strings.Contains(text, ",") || t.Year() < 1 || t.Year() > 9999 {
		return errors.New("must be a time such as 2006-01-02T15:04:05Z")
	}
	*dst = t.Truncate(time.Microsecond)
	return nil
}

// parseOther reads a type of the service's own, for example a date. Its error may hold the text, so it is not kept.
func parseOther(text string, dst encoding.TextUnmarshaler) error {
	if err := dst.UnmarshalText([]byte(text)); err != nil {
		return errors.New("is not in the form that its type has")
	}
	return nil
}

// parseNamed reads a named string type, such as an enum: whether the value is one of the enum's is for the domain.
func parseNamed(text string, dst any) error {
	value := reflect.Indirect(reflect.ValueOf(dst))
	if value.Kind() != reflect.String || !value.CanSet() {
		return fmt.Errorf("has type %T, which cannot be read from text", dst)
	}
	value.SetString(text)
	return nil
}
