package cache

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/fxamacker/cbor/v2"
)

// layout is the version of what follows, in each key.
const layout = "1"

// What is under a key begins with one of these.
const (
	// valueMark: the fingerprint of a type and a value of it.
	valueMark = "v"
	// absentEntry: there is no such value.
	absentEntry = "a"
	// leaseMark: a random text; whoever put it there is loading the value.
	leaseMark = "l"
)

var (
	// errAbsent says that there is no such value.
	errAbsent = errors.New("there is no such value")
	// errForeign says that what was found is no value of this type.
	errForeign = errors.New("no value of this type")
)

func newLease() string { return leaseMark + rand.Text() }

// modes are how all values are encoded: times to the nanosecond, any bytes in texts.
type modes struct {
	encoder cbor.UserBufferEncMode
	decoder cbor.DecMode
}

func newModes() (modes, error) {
	encoder, encoderErr := cbor.EncOptions{Time: cbor.TimeRFC3339Nano}.UserBufferEncMode()
	decoder, decoderErr := cbor.DecOptions{UTF8: cbor.UTF8DecodeInvalid}.DecMode()
	return modes{encoder: encoder, decoder: decoder}, errors.Join(encoderErr, decoderErr)
}

// codec turns values of one type into entries and back, without loss: a copy cannot be told from what was loaded.
type codec[T any] struct {
	modes
	// head is what the entries of all values of the type begin with.
	head []byte
}

func newCodec[T any](m modes) *codec[T] {
	return &codec[T]{modes: m, head: []byte(valueMark + fingerprint(reflect.TypeFor[T]()))}
}

// write returns the entry of a value.
func (c *codec[T]) write(value T) ([]byte, error) {
	var entry bytes.Buffer
	entry.Write(c.head)
	if err := c.encoder.MarshalToBuffer(value, &entry); err != nil {
		return nil, fmt.Errorf("encode a copy: %w", err)
	}
	return entry.Bytes(), nil
}

// read returns the value in an entry, [errAbsent] or [errForeign].
func (c *codec[T]) read(entry []byte) (value T, err error) {
	encoded, ok := bytes.CutPrefix(entry, c.head)
	switch {
	case string(entry) == absentEntry:
		return value, errAbsent
	case !ok:
		return value, errForeign
	}
	if err := c.decoder.Unmarshal(encoded, &value); err != nil {
		return value, errors.Join(errForeign, err)
	}
	return value, nil
}

// copy returns a value that shares nothing with the given one.
func (c *codec[T]) copy(value T) (other T, err error) {
	entry, err := c.write(value)
	if err != nil {
		return other, err
	}
	return c.read(entry)
}

// fingerprint returns a short text that differs for types whose values are encoded differently.
func fingerprint(t reflect.Type) string {
	var text strings.Builder
	describe(&text, t, map[reflect.Type]bool{})
	sum := sha256.Sum256([]byte(text.String()))
	return string(sum[:8])
}

// describe writes what the encoding of a type depends on: names and types of fields, in depth.
func describe(text *strings.Builder, t reflect.Type, seen map[reflect.Type]bool) {
	fmt.Fprintf(text, "%s %s", t, t.Kind())
	if seen[t] || t.Implements(reflect.TypeFor[encoding.BinaryMarshaler]()) {
		return
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		describe(text, t.Elem(), seen)
	case reflect.Map:
		describe(text, t.Key(), seen)
		describe(text, t.Elem(), seen)
	case reflect.Struct:
		text.WriteString("{")
		for field := range t.Fields() {
			text.WriteString(field.Name + " ")
			describe(text, field.Type, seen)
			text.WriteString(string(field.Tag) + ";")
		}
		text.WriteString("}")
	default:
	}
}
