package mongodb

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// timeText has every time in UTC with the same number of digits, so that texts sort as the times do. BSON's own dates
// have milliseconds, and would cut microseconds off.
const timeText = "2006-01-02T15:04:05.000000Z"

// newRegistry returns how Go's values are kept. To what the driver has by itself it adds
//
//   - UUIDs as binary of subtype 4,
//   - times as text with microseconds,
//   - decimals as text that sorts as they do: see [decimalText],
//   - whatever else has a text of its own, such as dates, as that text,
//   - raw JSON as text, byte by byte as it came.
func newRegistry() *bson.Registry {
	registry := bson.NewRegistry()
	registry.RegisterTypeEncoder(reflect.TypeFor[uuid.UUID](), bson.ValueEncoderFunc(encodeUUID))
	registry.RegisterTypeDecoder(reflect.TypeFor[uuid.UUID](), bson.ValueDecoderFunc(decodeUUID))
	registerText(registry, func(t time.Time) string { return t.UTC().Format(timeText) }, func(text string) (time.Time, error) {
		return time.Parse(timeText, text)
	})
	registerText[decimal.Decimal](registry, decimalText, parseDecimal)
	registerText(registry, func(raw json.RawMessage) string { return string(raw) }, func(text string) (json.RawMessage, error) {
		return json.RawMessage(text), nil
	})
	registry.RegisterInterfaceEncoder(reflect.TypeFor[encoding.TextMarshaler](), bson.ValueEncoderFunc(encodeMarshaler))
	registry.RegisterInterfaceDecoder(reflect.TypeFor[encoding.TextUnmarshaler](), bson.ValueDecoderFunc(decodeUnmarshaler))
	return registry
}

// registerText keeps values of type T as text.
func registerText[T any](registry *bson.Registry, write func(T) string, read func(string) (T, error)) {
	of := reflect.TypeFor[T]()
	registry.RegisterTypeEncoder(of, bson.ValueEncoderFunc(func(_ bson.EncodeContext, w bson.ValueWriter, value reflect.Value) error {
		typed, ok := value.Interface().(T)
		if !ok {
			return fmt.Errorf("a %s where a %s belongs", value.Type(), of)
		}
		return w.WriteString(write(typed))
	}))
	registry.RegisterTypeDecoder(of, bson.ValueDecoderFunc(func(_ bson.DecodeContext, r bson.ValueReader, value reflect.Value) error {
		text, err := r.ReadString()
		if err != nil {
			return err
		}
		typed, err := read(text)
		if err != nil {
			return fmt.Errorf("a kept %s: %w", of, err)
		}
		value.Set(reflect.ValueOf(typed))
		return nil
	}))
}

func encodeUUID(_ bson.EncodeContext, w bson.ValueWriter, value reflect.Value) error {
	id, ok := value.Interface().(uuid.UUID)
	if !ok {
		return fmt.Errorf("a %s where a UUID belongs", value.Type())
	}
	return w.WriteBinaryWithSubtype(id[:], bson.TypeBinaryUUID)
}

func decodeUUID(_ bson.DecodeContext, r bson.ValueReader, value reflect.Value) error {
	data, _, err := r.ReadBinary()
	if err != nil {
		return err
	}
	id, err := uuid.FromBytes(data)
	if err != nil {
		return fmt.Errorf("a kept UUID: %w", err)
	}
	value.Set(reflect.ValueOf(id))
	return nil
}

// encodeMarshaler writes what has a text of its own. A pointer to it has too, and may be to something that is kept
// differently.
func encodeMarshaler(c bson.EncodeContext, w bson.ValueWriter, value reflect.Value) error {
	if value.Kind() == reflect.Pointer {
		encoder, err := c.LookupEncoder(value.Type().Elem())
		if err != nil {
			return err
		}
		return encoder.EncodeValue(c, w, value.Elem())
	}
	marshaler, ok := value.Interface().(encoding.TextMarshaler)
	if !ok {
		return fmt.Errorf("a %s has no text", value.Type())
	}
	text, err := marshaler.MarshalText()
	if err != nil {
		return err
	}
	return w.WriteString(string(text))
}

// decodeUnmarshaler reads what encodeMarshaler wrote.
func decodeUnmarshaler(c bson.DecodeContext, r bson.ValueReader, value reflect.Value) error {
	if value.Kind() == reflect.Pointer {
		decoder, err := c.LookupDecoder(value.Type().Elem())
		if err != nil {
			return err
		}
		value.Set(reflect.New(value.Type().Elem()))
		return decoder.DecodeValue(c, r, value.Elem())
	}
	text, err := r.ReadString()
	if err != nil {
		return err
	}
	unmarshaler, ok := value.Addr().Interface().(encoding.TextUnmarshaler)
	if !ok {
		return fmt.Errorf("a %s cannot be read from text", value.Type())
	}
	return unmarshaler.UnmarshalText([]byte(text))
}

// encode returns a value as a document.
func encode(registry *bson.Registry, value any) (bson.Raw, error) {
	var buffer bytes.Buffer
	encoder := bson.NewEncoder(bson.NewDocumentWriter(&buffer))
	encoder.SetRegistry(registry)
	if err := encoder.Encode(value); err != nil {
		return nil, fmt.Errorf("encode a document: %w", err)
	}
	return buffer.Bytes(), nil
}

// decode reads a document into a value.
func decode(registry *bson.Registry, document bson.Raw, value any) error {
	decoder := bson.NewDecoder(bson.NewDocumentReader(bytes.NewReader(document)))
	decoder.SetRegistry(registry)
	if err := decoder.Decode(value); err != nil {
		return fmt.Errorf("decode a document: %w", err)
	}
	return nil
}
