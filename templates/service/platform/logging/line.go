package logging

import (
	"bytes"
	"encoding/hex"
	"log/slog"
	"strings"
	"time"

	"go.opentelemetry.io/otel/trace"
)

const (
	// lineLimit is the most bytes of a line, with its line end: Filebeat and container runtimes split longer
	// ones (16 KiB in containerd), and a split document is no JSON any more.
	lineLimit = 8 << 10
	// messageLimit leaves half of the line for what comes behind the message.
	messageLimit = lineLimit / 2
	// ending is kept free for the end of a line that was cut.
	ending = `,"labels.log_truncated":true}` + "\n"
)

// line is one JSON document while it is written.
type line struct {
	buf  []byte
	keys []region
	cut  bool
}

// region is where in the buffer a key stands.
type region struct{ from, to int }

func (l *line) reset() {
	l.buf, l.keys, l.cut = l.buf[:0], l.keys[:0], false
}

// room is how many bytes may still be written.
func (l *line) room() int { return lineLimit - len(ending) - len(l.buf) }

// paste appends members that were written before, none of which the line has yet.
func (l *line) paste(members *line) {
	moved := len(l.buf)
	l.buf = append(l.buf, members.buf...)
	for _, k := range members.keys {
		l.keys = append(l.keys, region{k.from + moved, k.to + moved})
	}
}

func (l *line) begin(at time.Time, level slog.Level, message string) {
	if at.IsZero() {
		at = time.Now()
	}
	if l.key("", "@timestamp") {
		l.buf[0] = '{' // where a comma stands in front of every other key
		l.time(at)
	}
	if l.key("", "log.level") {
		l.text(levelName(level), l.room())
	}
	if l.key("", "message") {
		l.text(message, messageLimit)
	}
}

func (l *line) end() {
	if l.cut {
		l.buf = append(l.buf, ending...)
		return
	}
	l.buf = append(l.buf, '}', '\n')
}

// span writes the ids of a span. A span without a parent in this process is what Elastic calls a transaction.
func (l *line) span(span trace.Span) {
	sc := span.SpanContext()
	if !sc.IsValid() {
		return
	}
	traceID, spanID := sc.TraceID(), sc.SpanID()
	l.hex("trace.id", traceID[:])
	l.hex("span.id", spanID[:])
	child, ok := span.(interface{ Parent() trace.SpanContext })
	if ok && (child.Parent().IsRemote() || !child.Parent().IsValid()) {
		l.hex("transaction.id", spanID[:])
	}
}

func (l *line) origin(source *slog.Source) {
	if source == nil {
		return
	}
	l.add("", slog.String("log.origin.file.name", source.File))
	l.add("", slog.Int("log.origin.file.line", source.Line))
	l.add("", slog.String("log.origin.function", source.Function))
}

// key writes the separator and the name of a member. It returns false, and writes nothing, when the name was
// already written or does not fit.
func (l *line) key(prefix, key string) bool {
	start := len(l.buf)
	l.buf = append(l.buf, ',', '"')
	at := region{from: len(l.buf)}
	l.buf, _ = appendEscaped(l.buf, place(prefix, key), lineLimit)
	l.buf, _ = appendEscaped(l.buf, prefix, lineLimit)
	l.buf, _ = appendEscaped(l.buf, key, lineLimit)
	at.to = len(l.buf)
	l.buf = append(l.buf, '"', ':')
	full := l.room() < len(`""`)
	if full || l.has(at) {
		l.cut = l.cut || full
		l.buf = l.buf[:start]
		return false
	}
	l.keys = append(l.keys, at)
	return true
}

// place is where a key that is no name of the schema goes.
func place(prefix, key string) string {
	if prefix != "" || strings.Contains(key, ".") || key == "message" || key == "@timestamp" {
		return ""
	}
	return "labels."
}

func (l *line) has(key region) bool {
	for _, k := range l.keys {
		if bytes.Equal(l.buf[k.from:k.to], l.buf[key.from:key.to]) {
			return true
		}
	}
	return false
}

// text writes a value of at most limit bytes.
func (l *line) text(s string, limit int) {
	var whole bool
	l.buf = append(l.buf, '"')
	l.buf, whole = appendEscaped(l.buf, s, min(limit, l.room())-len(`"`))
	l.buf = append(l.buf, '"')
	l.cut = l.cut || !whole
}

func (l *line) time(t time.Time) {
	l.buf = append(l.buf, '"')
	l.buf = t.UTC().Truncate(time.Microsecond).AppendFormat(l.buf, time.RFC3339Nano)
	l.buf = append(l.buf, '"')
}

func (l *line) hex(key string, id []byte) {
	if l.key("", key) {
		l.buf = append(l.buf, '"')
		l.buf = hex.AppendEncode(l.buf, id)
		l.buf = append(l.buf, '"')
	}
}

func levelName(level slog.Level) string {
	switch level {
	case slog.LevelDebug:
		return "debug"
	case slog.LevelInfo:
		return "info"
	case slog.LevelWarn:
		return "warn"
	case slog.LevelError:
		return "error"
	default:
		return strings.ToLower(level.String())
	}
}
