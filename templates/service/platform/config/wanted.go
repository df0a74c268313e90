package config

import (
	"errors"
	"reflect"
	"time"

	"github.com/caarlos0/env/v11"
)

// wanted names the kind of value that a type is read from.
func wanted(t reflect.Type) string {
	if t == reflect.TypeFor[time.Duration]() {
		return "a duration such as 250ms, 5s or 1h30m"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number in the range of its type"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "a whole number from 0 in the range of its type"
	case reflect.Float32, reflect.Float64:
		return "a number"
	default:
		return "valid"
	}
}

// reason returns what a type said of the text it was to be read from, without the words of the libraries between.
func reason(err error) error {
	var parse env.ParseError
	if errors.As(err, &parse) {
		return parse.Err
	}
	return err
}
