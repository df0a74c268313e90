package config

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// section is one struct of the configuration.
type section struct {
	value reflect.Value
	// prefix stands in front of its keys.
	prefix string
}

// field is one configuration key and the struct field that it fills.
type field struct {
	key string
	// name is the key without its prefix, as the tag has it.
	name     string
	required bool
	secret   bool
	tags     reflect.StructField
	value    reflect.Value
}

// text is a value as a source gave it.
type text struct {
	value  string
	source string
}

func structBehind(cfg any) (section, error) {
	v := reflect.ValueOf(cfg)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return section{}, fmt.Errorf("configuration: %T is no pointer to a struct", cfg)
	}
	return section{value: v.Elem()}, nil
}

// own returns the keys of the section itself, without those of the structs inside it.
func (s section) own() []field {
	var fields []field
	for i := range s.value.NumField() {
		tags := s.value.Type().Field(i)
		name, options, _ := strings.Cut(tags.Tag.Get("env"), ",")
		if name == "" || !tags.IsExported() {
			continue
		}
		fields = append(fields, field{
			key:      s.prefix + name,
			name:     name,
			required: strings.Contains(options, "required"),
			secret:   tags.Tag.Get("secret") == "true",
			tags:     tags,
			value:    s.value.Field(i),
		})
	}
	return fields
}

// sections returns the section and all that are nested in it, in the order of their declaration.
func (s section) sections() []section {
	all := []section{s}
	for i := range s.value.NumField() {
		tags := s.value.Type().Field(i)
		if tags.IsExported() && tags.Type.Kind() == reflect.Struct && tags.Tag.Get("env") == "" {
			inner := section{value: s.value.Field(i), prefix: s.prefix + tags.Tag.Get("envPrefix")}
			all = append(all, inner.sections()...)
		}
	}
	return all
}

func (s section) hasAny(keys map[string]bool) bool {
	for _, f := range s.own() {
		if keys[f.key] {
			return true
		}
	}
	return false
}

func fieldsOf(root section) []field {
	var fields []field
	for _, s := range root.sections() {
		fields = append(fields, s.own()...)
	}
	return fields
}

func keysOf(fields []field) []string {
	keys := make([]string, 0, len(fields))
	for _, f := range fields {
		keys = append(keys, f.key)
	}
	return keys
}

// fill parses the field's text and sets the field. Without success it returns the problem and false.
func (f field) fill(values map[string]text) (Problem, bool) {
	given := values[f.key]
	if f.required && given.value == "" {
		return Problem{Key: f.key, Message: "is required: set it in the environment, in SECRETS_DIR or in CONFIG_FILE"}, false
	}
	parsed, err := f.parse(given.value)
	if err != nil {
		return Problem{Key: f.key, Source: given.source, Message: f.complaint(given.value, err)}, false
	}
	if message := f.outside(parsed); message != "" {
		return Problem{Key: f.key, Source: given.source, Message: message}, false
	}
	f.value.Set(parsed)
	return Problem{}, true
}

// parse reads one value by itself, so that an error belongs to exactly this key.
func (f field) parse(value string) (reflect.Value, error) {
	alone := reflect.New(reflect.StructOf([]reflect.StructField{{Name: f.tags.Name, Type: f.tags.Type, Tag: f.tags.Tag}}))
	err := env.ParseWithOptions(alone.Interface(), env.Options{Environment: map[string]string{f.name: value}})
	return alone.Elem().Field(0), err
}

// complaint says what the value should have been. It repeats the value unless it is a secret.
func (f field) complaint(value string, err error) string {
	if f.secret || f.tags.Type == reflect.TypeFor[Secret]() {
		return "is not " + wanted(f.tags.Type)
	}
	if _, ok := reflect.New(f.tags.Type).Interface().(interface{ UnmarshalText([]byte) error }); ok {
		return fmt.Sprintf("cannot be %.64q: %s", value, reason(err))
	}
	return fmt.Sprintf("is %.64q, which is not %s", value, wanted(f.tags.Type))
}

// outside returns a message when the value is below the min or above the max tag, and else "".
func (f field) outside(value reflect.Value) string {
	n := number(value)
	if math.IsNaN(n) {
		return "must be a number"
	}
	if least, ok := f.tags.Tag.Lookup("min"); ok && n < f.limit(least) {
		return "must be at least " + least
	}
	if most, ok := f.tags.Tag.Lookup("max"); ok && n > f.limit(most) {
		return "must be at most " + most
	}
	return ""
}

func (f field) limit(tag string) float64 {
	if d, err := time.ParseDuration(tag); err == nil && f.tags.Type == reflect.TypeFor[time.Duration]() {
		return float64(d)
	}
	n, _ := strconv.ParseFloat(tag, 64)
	return n
}

func number(v reflect.Value) float64 {
	switch {
	case v.CanInt():
		return float64(v.Int())
	case v.CanUint():
		return float64(v.Uint())
	case v.CanFloat():
		return v.Float()
	default:
		return 0
	}
}
