package logging

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"

	"go.opentelemetry.io/otel/trace"
)

// sink is where all handlers of one logger write: whole lines, one at a time.
type sink struct {
	mu    sync.Mutex
	w     io.Writer
	lines sync.Pool
}

func (s *sink) line() *line {
	if l, ok := s.lines.Get().(*line); ok {
		return l
	}
	return &line{buf: make([]byte, 0, lineLimit)}
}

func (s *sink) write(l *line) error {
	s.mu.Lock()
	_, err := s.w.Write(l.buf)
	s.mu.Unlock()
	l.reset()
	s.lines.Put(l)
	if err != nil {
		return fmt.Errorf("write a log line: %w", err)
	}
	return nil
}

// handler is a slog.Handler. It writes the JSON itself: renaming the built-in keys of slog's own handler takes
// half as long again (ReplaceAttr), and neither limits the line nor refuses a name that occurs twice.
type handler struct {
	sink     *sink
	level    slog.Leveler
	source   bool
	identity *line
	with     []scoped
	prefix   string
}

// scoped is an attribute of With and the groups that were open then.
type scoped struct {
	prefix string
	attr   slog.Attr
}

// Enabled reports whether a record of this level is written.
func (h *handler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.level.Level()
}

// WithAttrs returns a handler that adds the attributes to each line.
func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	next := *h
	next.with = slices.Clone(h.with)
	for _, a := range attrs {
		next.with = append(next.with, scoped{h.prefix, a})
	}
	return &next
}

// WithGroup returns a handler that puts the name and a dot in front of each key.
func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	next := *h
	next.prefix += name + "."
	return &next
}

// Handle writes one line.
func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	l := h.sink.line()
	l.begin(r.Time, r.Level, r.Message)
	l.paste(h.identity)
	l.span(trace.SpanFromContext(ctx))
	if h.source {
		l.origin(r.Source())
	}
	r.Attrs(func(a slog.Attr) bool {
		l.add(h.prefix, a)
		return true
	})
	for _, s := range slices.Backward(h.with) {
		l.add(s.prefix, s.attr)
	}
	l.end()
	return h.sink.write(l)
}
