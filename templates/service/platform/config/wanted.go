package config

import (
	"errors"
	"reflect"
	"time"
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

// rootOf returns the error that the others wrap.
func rootOf(err error) error {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}
