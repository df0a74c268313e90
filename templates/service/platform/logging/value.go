package logging

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strconv"
)

// add writes an attribute, and for a group each of its members.
func (l *line) add(prefix string, a slog.Attr) {
	value := a.Value.Resolve()
	switch {
	case a.Equal(slog.Attr{}):
		return
	case value.Kind() == slog.KindGroup:
		l.group(prefix, a.Key, value.Group())
		return
	case a.Key == "error" && value.Kind() == slog.KindAny:
		if err, ok := value.Any().(error); ok {
			l.failure(prefix, err)
			return
		}
	}
	start := len(l.buf)
	if !l.key(prefix, a.Key) {
		return
	}
	l.value(value)
	if l.room() < 0 {
		l.buf, l.keys, l.cut = l.buf[:start], l.keys[:len(l.keys)-1], true
	}
}

func (l *line) group(prefix, name string, members []slog.Attr) {
	if name != "" {
		prefix += name + "."
	}
	for _, m := range members {
		l.add(prefix, m)
	}
}

func (l *line) failure(prefix string, err error) {
	l.add(prefix, slog.String("error.message", describe(err)))
	l.add(prefix, slog.String("error.type", fmt.Sprintf("%T", cause(err))))
}

// value writes a value, whatever its length; only texts are cut here.
func (l *line) value(v slog.Value) {
	switch v.Kind() {
	case slog.KindString:
		l.text(v.String(), l.room())
	case slog.KindInt64:
		l.buf = strconv.AppendInt(l.buf, v.Int64(), 10)
	case slog.KindUint64:
		l.buf = strconv.AppendUint(l.buf, v.Uint64(), 10)
	case slog.KindFloat64:
		l.float(v.Float64())
	case slog.KindBool:
		l.buf = strconv.AppendBool(l.buf, v.Bool())
	case slog.KindDuration:
		l.buf = strconv.AppendInt(l.buf, v.Duration().Nanoseconds(), 10)
	case slog.KindTime:
		l.time(v.Time())
	default:
		l.text(describe(v.Any()), l.room())
	}
}

// float writes a number; JSON has no word for infinities and NaN, so they become texts.
func (l *line) float(f float64) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		l.text(strconv.FormatFloat(f, 'g', -1, 64), l.room())
		return
	}
	l.buf = strconv.AppendFloat(l.buf, f, 'g', -1, 64)
}

// describe returns any other value as a text: Elasticsearch would make a field of each member of an object. A
// value whose own methods panic must not take the service down.
func describe(v any) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprintf("!PANIC: %v", r)
		}
	}()
	switch v := v.(type) {
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	case encoding.TextMarshaler:
		b, err := v.MarshalText()
		if err != nil {
			return "!ERROR: " + err.Error()
		}
		return string(b)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return "!ERROR: " + err.Error()
	}
	return string(b)
}

// cause returns the innermost error: the outer ones mostly add words and have no telling type.
func cause(err error) error {
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return err
}
