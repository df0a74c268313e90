package logging_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/sdk/trace"
	apitrace "go.opentelemetry.io/otel/trace"

	"create-service/templates/service/platform/identity"
	"create-service/templates/service/platform/logging"
)

const lineLimit = 8 << 10

// service is as real ones are, for the lengths of lines and the benchmarks.
func service() identity.Service {
	return identity.Service{Name: "orders", Version: "v1.2.3", Environment: "prod", Instance: "orders-7d9c-x2"}
}

// document logs and returns the one line as JSON, without what is the same in every line.
func document(t *testing.T, write func(*slog.Logger)) map[string]any {
	t.Helper()
	fields := fullDocument(t, logging.Config{}, write)
	for _, name := range []string{"@timestamp", "log.level", "message", "ecs.version", "service.name", "service.version", "service.environment", "service.node.name"} {
		delete(fields, name)
	}
	return fields
}

func fullDocument(t *testing.T, cfg logging.Config, write func(*slog.Logger)) map[string]any {
	t.Helper()
	var out bytes.Buffer
	log, _ := logging.New(&out, cfg, service())
	write(log)
	return decode(t, out.Bytes())
}

// decode reads one line, which must be a JSON object of whole length, without a name that occurs twice.
func decode(t *testing.T, line []byte) map[string]any {
	t.Helper()
	if len(line) > lineLimit || bytes.Count(line, []byte("\n")) != 1 || line[len(line)-1] != '\n' {
		t.Fatalf("not one line of at most %d bytes but %d: %.200s", lineLimit, len(line), line)
	}
	fields := map[string]any{}
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	token := func() json.Token {
		next, err := decoder.Token()
		if err != nil {
			t.Fatalf("not JSON: %v: %s", err, line)
		}
		return next
	}
	token()
	for decoder.More() {
		name := fmt.Sprint(token())
		if _, twice := fields[name]; twice {
			t.Fatalf("%s occurs twice: %s", name, line)
		}
		fields[name] = token()
	}
	return fields
}

func TestALineIsAnECSDocument(t *testing.T) {
	before := time.Now()
	got := fullDocument(t, logging.Config{}, func(log *slog.Logger) { log.Info("order \"placed\"\n") })
	at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(got["@timestamp"]))
	if err != nil || at.Before(before.Truncate(time.Microsecond)) || at.After(time.Now()) {
		t.Errorf("@timestamp = %v (%v), want now", got["@timestamp"], err)
	}
	delete(got, "@timestamp")
	want := map[string]any{
		"log.level":           "info",
		"message":             "order \"placed\"\n",
		"ecs.version":         "8.17.0",
		"service.name":        "orders",
		"service.version":     "v1.2.3",
		"service.environment": "prod",
		"service.node.name":   "orders-7d9c-x2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("document (-want +got):\n%s", diff)
	}
}

type reasonError struct{ reason string }

func (e *reasonError) Error() string { return e.reason }

type panicking struct{}

func (panicking) String() string { panic("no string") }

type stringer struct{}

func (stringer) String() string { return "a string" }

type valuer struct{}

func (valuer) LogValue() slog.Value { return slog.StringValue("resolved") }

func TestAttributesBecomeFields(t *testing.T) {
	at := time.Date(2026, 11, 22, 10, 0, 0, 123456789, time.FixedZone("CET", 3600))
	tests := []struct {
		name string
		args []any
		want map[string]any
	}{
		{name: "own keys are labels", args: []any{"order_id", "o-1", "count", 3}, want: map[string]any{"labels.order_id": "o-1", "labels.count": json.Number("3")}},
		{name: "names of the schema stay", args: []any{"http.request.method", "GET"}, want: map[string]any{"http.request.method": "GET"}},
		{name: "reserved names are kept", args: []any{"message", "m", "@timestamp", "t", "log.level", "l", "service.name", "s"}, want: map[string]any{}},
		{name: "group", args: []any{slog.Group("http", "version", 2, slog.Group("request", "bytes", 9))}, want: map[string]any{"http.version": json.Number("2"), "http.request.bytes": json.Number("9")}},
		{name: "group without a name", args: []any{slog.Group("", "a.b", 1)}, want: map[string]any{"a.b": json.Number("1")}},
		{name: "empty group and attribute", args: []any{slog.Group("g"), slog.Attr{}}, want: map[string]any{}},
		{name: "numbers", args: []any{"a.i", int64(-9), "a.u", uint64(math.MaxUint64), "a.f", 0.1, "a.e", 1e21, "a.nan", math.NaN(), "a.inf", math.Inf(-1)}, want: map[string]any{
			"a.i": json.Number("-9"), "a.u": json.Number("18446744073709551615"), "a.f": json.Number("0.1"), "a.e": json.Number("1e+21"), "a.nan": "NaN", "a.inf": "-Inf",
		}},
		{name: "bool, duration, time", args: []any{"a.b", true, "event.duration", time.Second, "a.t", at}, want: map[string]any{"a.b": true, "event.duration": json.Number("1000000000"), "a.t": "2026-11-22T09:00:00.123456Z"}},
		{name: "resolved values", args: []any{"a.v", valuer{}, "a.s", stringer{}}, want: map[string]any{"a.v": "resolved", "a.s": "a string"}},
		{name: "objects are texts", args: []any{"a.o", map[string]int{"x": 1}, "a.n", nil}, want: map[string]any{"a.o": `{"x":1}`, "a.n": "null"}},
		{name: "values that cannot be written", args: []any{"a.f", func() {}, "a.p", panicking{}}, want: map[string]any{"a.f": "!ERROR: json: unsupported type: func()", "a.p": "!PANIC: no string"}},
		{name: "error", args: []any{"error", fmt.Errorf("save: %w", &reasonError{"full"})}, want: map[string]any{"error.message": "save: full", "error.type": "*logging_test.reasonError"}},
		{name: "joined errors", args: []any{"error", errors.Join(errors.New("a"), errors.New("b"))}, want: map[string]any{"error.message": "a\nb", "error.type": "*errors.joinError"}},
		{name: "nil error pointer", args: []any{"error", (*reasonError)(nil)}, want: map[string]any{"error.message": "!PANIC: runtime error: invalid memory address or nil pointer dereference", "error.type": "*logging_test.reasonError"}},
		{name: "error that is no error", args: []any{"error", "text"}, want: map[string]any{"labels.error": "text"}},
		{name: "error under another key", args: []any{"reason", errors.New("full")}, want: map[string]any{"labels.reason": "full"}},
		{name: "hostile text", args: []any{"a\"b\n.c", "\x00\x1b[31m\t\\ \u2028 \xff é 😀"}, want: map[string]any{"a\"b\n.c": "\x00\x1b[31m\t\\ \u2028 \ufffd é 😀"}},
		{name: "the first of two", args: []any{"k", 1, "k", 2}, want: map[string]any{"labels.k": json.Number("1")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := document(t, func(log *slog.Logger) { log.Info("m", test.args...) })
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoggersThatAreDerived(t *testing.T) {
	tests := []struct {
		name  string
		write func(*slog.Logger)
		want  map[string]any
	}{
		{name: "with", write: func(l *slog.Logger) { l.With("a", 1).Info("m", "b", 2) }, want: map[string]any{"labels.a": json.Number("1"), "labels.b": json.Number("2")}},
		{name: "the call wins", write: func(l *slog.Logger) { l.With("a", 1).Info("m", "a", 2) }, want: map[string]any{"labels.a": json.Number("2")}},
		{name: "the later With wins", write: func(l *slog.Logger) { l.With("a", 1).With("a", 2).Info("m") }, want: map[string]any{"labels.a": json.Number("2")}},
		{name: "group", write: func(l *slog.Logger) { l.With("a", 1).WithGroup("g").With("b", 2).WithGroup("h").Info("m", "c", 3) }, want: map[string]any{
			"labels.a": json.Number("1"), "g.b": json.Number("2"), "g.h.c": json.Number("3"),
		}},
		{name: "empty group", write: func(l *slog.Logger) { l.WithGroup("").Info("m", "a", 1) }, want: map[string]any{"labels.a": json.Number("1")}},
		{name: "siblings do not share", write: func(l *slog.Logger) {
			parent := l.With("a", 1).With("b", 2).With("c", 3)
			child := parent.With("d", 4)
			_ = parent.With("e", 5)
			child.Info("m")
		}, want: map[string]any{"labels.a": json.Number("1"), "labels.b": json.Number("2"), "labels.c": json.Number("3"), "labels.d": json.Number("4")}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, document(t, test.write)); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheSpanOfTheContextIsNamed(t *testing.T) {
	tracer := trace.NewTracerProvider().Tracer("test")
	ctx, entry := tracer.Start(t.Context(), "entry")
	inner, child := tracer.Start(ctx, "child")
	remote := apitrace.ContextWithRemoteSpanContext(t.Context(), entry.SpanContext())
	served, server := tracer.Start(remote, "server")
	ids := func(span apitrace.Span, more map[string]any) map[string]any {
		more["trace.id"], more["span.id"] = span.SpanContext().TraceID().String(), span.SpanContext().SpanID().String()
		return more
	}
	tests := []struct {
		name string
		in   func() context.Context
		want map[string]any
	}{
		{name: "none", in: t.Context, want: map[string]any{}},
		{name: "the first span", in: func() context.Context { return ctx }, want: ids(entry, map[string]any{"transaction.id": entry.SpanContext().SpanID().String()})},
		{name: "a span within", in: func() context.Context { return inner }, want: ids(child, map[string]any{})},
		{name: "a span of a request", in: func() context.Context { return served }, want: ids(server, map[string]any{"transaction.id": server.SpanContext().SpanID().String()})},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := document(t, func(log *slog.Logger) { log.InfoContext(test.in(), "m") })
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLevels(t *testing.T) {
	var out bytes.Buffer
	log, level := logging.New(&out, logging.Config{Level: slog.LevelWarn}, service())
	log.Info("not written")
	if out.Len() > 0 || log.Enabled(t.Context(), slog.LevelInfo) {
		t.Errorf("info was written at level warn: %s", out.String())
	}
	level.Set(slog.LevelDebug)
	names := map[slog.Level]string{slog.LevelDebug: "debug", slog.LevelInfo: "info", slog.LevelWarn: "warn", slog.LevelError: "error", slog.LevelError + 2: "error+2"}
	for l, want := range names {
		out.Reset()
		log.Log(t.Context(), l, "m")
		if got := decode(t, out.Bytes())["log.level"]; got != want {
			t.Errorf("log.level of %s = %v, want %s", l, got, want)
		}
	}
}

func TestSource(t *testing.T) {
	got := fullDocument(t, logging.Config{Source: true}, func(log *slog.Logger) { log.Info("m") })
	file, _ := got["log.origin.file.name"].(string)
	function, _ := got["log.origin.function"].(string)
	if !strings.HasSuffix(file, "logging_test.go") || !strings.Contains(function, "TestSource") || got["log.origin.file.line"] == nil {
		t.Errorf("origin = %v %v %v, want this test", file, got["log.origin.file.line"], function)
	}
}

func TestPanic(t *testing.T) {
	got := document(t, func(log *slog.Logger) {
		defer func() { log.Error("panic", logging.Panic(recover())) }()
		panic(&reasonError{"lost"})
	})
	stack, _ := got["error.stack_trace"].(string)
	if !strings.Contains(stack, "TestPanic") {
		t.Errorf("error.stack_trace = %q, want this test in it", stack)
	}
	delete(got, "error.stack_trace")
	want := map[string]any{"error.message": "lost", "error.type": "*logging_test.reasonError"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

// handle logs a message that is no constant.
func handle(t *testing.T, log *slog.Logger, message string, args ...any) {
	t.Helper()
	record := slog.NewRecord(time.Now(), slog.LevelInfo, message, 0)
	record.Add(args...)
	if err := log.Handler().Handle(t.Context(), record); err != nil {
		t.Error(err)
	}
}

func TestLinesStayBelowTheLimit(t *testing.T) {
	long := strings.Repeat("é\x01\"x", lineLimit)
	many := make([]any, 0, 4000)
	for i := range 2000 {
		many = append(many, fmt.Sprintf("key_%d", i), i)
	}
	tests := []struct {
		name string
		msg  string
		args []any
		kept []string
	}{
		{name: "message", msg: long, args: []any{"a.b", "behind"}, kept: []string{"message", "a.b"}},
		{name: "text", msg: "m", args: []any{"a.first", 1, "a.b", long, "a.behind", "x"}, kept: []string{"a.first", "a.b"}},
		{name: "object", msg: "m", args: []any{"a.b", []string{long}}, kept: []string{"a.b"}},
		{name: "error", msg: "m", args: []any{"error", errors.New(long)}, kept: []string{"error.message"}},
		{name: "key", msg: "m", args: []any{long, 1, "a.behind", "x"}, kept: []string{"a.behind"}},
		{name: "many", msg: "m", args: many, kept: []string{"labels.key_0"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := fullDocument(t, logging.Config{}, func(log *slog.Logger) { handle(t, log, test.msg, test.args...) })
			for _, name := range append(test.kept, "labels.log_truncated") {
				if got[name] == nil {
					t.Errorf("%s is missing", name)
				}
			}
		})
	}
}

// Every length around the limit gives a whole document, whatever stands at the place of the cut.
func TestCutsAtAnyLength(t *testing.T) {
	var out bytes.Buffer
	log, _ := logging.New(&out, logging.Config{}, service())
	for _, text := range []string{"x", "é", "\x01", "\"", "😀"} {
		for n := lineLimit/len(text)/6 - 100; n < lineLimit/len(text)+20; n += 29 {
			out.Reset()
			log.Info("m", "a.b", strings.Repeat(text, n), "a.count", n)
			decode(t, out.Bytes())
		}
	}
}

// A number is not cut: when it does not fit, it is left out.
func TestNumbersBehindACutAtAnyLength(t *testing.T) {
	var out bytes.Buffer
	log, _ := logging.New(&out, logging.Config{}, service())
	for n := lineLimit/2 - 800; n < lineLimit/2; n++ {
		out.Reset()
		handle(t, log, strings.Repeat("m", lineLimit), "a.b", strings.Repeat("x", n), "a.c", math.MinInt64)
		if got, written := decode(t, out.Bytes())["a.c"]; written && got != json.Number("-9223372036854775808") {
			t.Fatalf("a.c = %v, want it whole or not at all", got)
		}
	}
}

func TestALoggerAfterACutIsWhole(t *testing.T) {
	var out bytes.Buffer
	log, _ := logging.New(&out, logging.Config{}, service())
	log.Info("m", "a.b", strings.Repeat("x", lineLimit))
	out.Reset()
	log.Info("m", "a.b", "y")
	if got := decode(t, out.Bytes()); got["a.b"] != "y" || got["labels.log_truncated"] != nil {
		t.Errorf("the next line = %v, want it whole", got)
	}
}

func TestLinesOfManyGoroutinesDoNotMix(t *testing.T) {
	var out bytes.Buffer
	log, _ := logging.New(&out, logging.Config{}, service())
	const writers, each = 8, 200
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			own := log.With("writer", w)
			for i := range each {
				own.Info("m", "i", i)
			}
		})
	}
	all.Wait()
	lines := bytes.SplitAfter(out.Bytes(), []byte("\n"))
	if len(lines) != writers*each+1 {
		t.Fatalf("%d lines, want %d", len(lines)-1, writers*each)
	}
	for _, line := range lines[:writers*each] {
		decode(t, line)
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestAFailingWriterIsReportedToTheCaller(t *testing.T) {
	log, _ := logging.New(failingWriter{}, logging.Config{}, service())
	err := log.Handler().Handle(t.Context(), slog.Record{})
	if err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("Handle() = %v, want the writer's error", err)
	}
}
