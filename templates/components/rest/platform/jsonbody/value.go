package jsonbody

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/shopspring/decimal"

	"create-service/templates/service/platform/literal"
)

// parse reads a JSON value that is not null into dst.
func parse(value []byte, dst any) error {
	isString := value[0] == '"'
	if want := form(dst); isString && !want.asString || !isString && !want.asItself {
		return errors.New(want.message)
	}
	if isString {
		return literal.Parse(unquote(value), dst)
	}
	return literal.Parse(string(value), dst)
}

// forms says how a type is written in JSON.
type forms struct {
	asString, asItself bool
	message            string
}

func form(dst any) forms {
	switch dst.(type) {
	case *bool:
		return forms{asItself: true, message: "must be true or false"}
	case *int, *int32:
		return forms{asItself: true, message: "must be an integer"}
	case *float64:
		return forms{asItself: true, message: "must be a number"}
	case *int64:
		return forms{asString: true, asItself: true, message: "must be an integer in a string"}
	case *decimal.Decimal:
		return forms{asString: true, asItself: true, message: "must be a decimal number in a string"}
	default:
		return forms{asString: true, message: "must be a string"}
	}
}

// parseAny takes any value whose numbers a float64 can hold: a database that stores JSON refuses 1e999.
func parseAny(value []byte, dst *json.RawMessage) error {
	var discard any
	if err := json.Unmarshal(value, &discard); err != nil {
		return errors.New("must not have a number beyond the range of a float64")
	}
	*dst = bytes.Clone(value)
	return nil
}

func isNull(value []byte) bool { return string(value) == "null" }
