package otlptest_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/service/platform/otlptest"
)

// export sends the trees that grow makes, as a service of that name does.
func export(t *testing.T, url, service string, grow func(ctx context.Context, tracer trace.Tracer)) {
	t.Helper()
	exporter, err := otlptracegrpc.New(t.Context(), otlptracegrpc.WithEndpointURL(url))
	require.NoError(t, err)
	sender := resource.NewSchemaless(attribute.String("service.name", service))
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(sender))
	grow(t.Context(), provider.Tracer("test"))
	require.NoError(t, provider.Shutdown(t.Context()))
}

// span makes one span around what do does.
func span(ctx context.Context, tracer trace.Tracer, name string, do func(ctx context.Context), attributes ...attribute.KeyValue) trace.SpanContext {
	ctx, made := tracer.Start(ctx, name, trace.WithAttributes(attributes...))
	defer made.End()
	do(ctx)
	return made.SpanContext()
}

func leaf(context.Context) {}

// order is a request to one service and what another does about it.
func order(t *testing.T, url string) {
	t.Helper()
	var sent trace.SpanContext
	export(t, url, "orders", func(ctx context.Context, tracer trace.Tracer) {
		span(ctx, tracer, "POST /v1/orders", func(ctx context.Context) {
			span(ctx, tracer, "INSERT", leaf, attribute.String("db.query.text", "INSERT INTO `orders` (`id`) VALUES (?)"))
			sent = span(ctx, tracer, "send orders", leaf)
		}, attribute.Int("http.response.status_code", 201), attribute.Bool("safe", false), attribute.Float64("share", 0.5))
	})
	export(t, url, "shipping", func(ctx context.Context, tracer trace.Tracer) {
		span(trace.ContextWithRemoteSpanContext(ctx, sent), tracer, "process orders", func(ctx context.Context) {
			trace.SpanFromContext(ctx).SetStatus(codes.Error, "no address")
		})
	})
}

func TestPathThroughServices(t *testing.T) {
	t.Parallel()
	receiver := otlptest.Start(t)
	order(t, receiver.URL)
	checkOrder(t, receiver.Spans)
}

// The same through a real collector, where there is one: what it writes is what the package reads.
func TestPathInTheFileOfACollector(t *testing.T) {
	t.Parallel()
	addr, file := os.Getenv("TEST_OTLP_ADDR"), os.Getenv("TEST_OTLP_TRACES")
	if addr == "" || file == "" {
		if os.Getenv("REQUIRE_REAL") == "1" {
			t.Fatal("TEST_OTLP_ADDR and TEST_OTLP_TRACES name no collector")
		}
		t.Skip("TEST_OTLP_ADDR and TEST_OTLP_TRACES name no collector")
	}
	order(t, "http://"+addr)
	checkOrder(t, otlptest.File(file))
}

func checkOrder(t *testing.T, source otlptest.Source) {
	t.Helper()
	path := otlptest.WantPath(t, source, "orders: POST /v1/orders", "orders: send orders", "shipping: process orders")
	require.Len(t, path, 3)
	request, process := path[0], path[2]
	require.Equal(t, request.Trace, process.Trace)
	require.Len(t, request.Trace, 32)
	require.Len(t, request.ID, 16)
	require.Empty(t, request.Parent)
	require.Equal(t, path[1].ID, process.Parent)
	require.True(t, process.Failed)
	require.False(t, request.Failed)
	require.Equal(t, map[string]string{"http.response.status_code": "201", "safe": "false", "share": "0.5"}, request.Attributes)
	require.WithinDuration(t, time.Now(), request.Ended, time.Minute)
	require.False(t, request.Ended.Before(request.Started))
	otlptest.WantPath(t, source, "orders: POST /v1/orders", "orders: INSERT orders")
}

func spans() []otlptest.Span {
	at := time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC)
	named := func(trace, id, parent, name string, second int) otlptest.Span {
		return otlptest.Span{
			Trace: trace, ID: id, Parent: parent, Name: name, Resource: map[string]string{"service.name": "s"},
			Started: at.Add(time.Duration(second) * time.Second), Ended: at.Add(time.Duration(second+1) * time.Second),
		}
	}
	failed := named("a", "3", "1", "second", 2)
	failed.Failed = true
	return []otlptest.Span{
		failed, named("a", "2", "1", "first", 1), named("a", "1", "", "root", 0),
		// Another trace with the same ids.
		named("b", "1", "", "root", 4), named("b", "2", "1", "third", 5), named("b", "9", "8", "lost", 6),
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	want := "s: root (1s)\n  s: first (1s)\n  s: second (1s, failed)\ns: root (1s)\n  s: third (1s)\n" +
		"(under 8, which is not here)\n  s: lost (1s)\n"
	require.Equal(t, want, otlptest.Tree(spans()))
}

func TestPath(t *testing.T) {
	t.Parallel()
	tests := []struct {
		path string
		want string
	}{
		{"s: root", "a1"},
		{"s: root, s: second", "a1 a3"},
		{"s: root, s: third", "b1 b2"},
		{"s: lost", "b9"},
		{"s: second, s: root", ""},
		{"s: first, s: second", ""},
		{"other: root", ""},
		{"", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, span := range otlptest.Path(spans(), strings.Split(tt.path, ", ")...) {
			got = append(got, span.Trace+span.ID)
		}
		require.Equal(t, tt.want, strings.Join(got, " "), "path %q", tt.path)
	}
}

func TestStatementsAreNamedByTheirTable(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"INSERT INTO `orders` (`id`) VALUES (?)":                    "s: QUERY orders",
		"SELECT `id`, `total` FROM `orders` AS `o` WHERE `id` = ?":  "s: QUERY orders",
		"UPDATE `outbox` SET `sent_at` = UTC_TIMESTAMP(6)":          "s: QUERY outbox",
		"DELETE FROM `once_keys` WHERE `expires_at` < ? LIMIT 1000": "s: QUERY once_keys",
		"BEGIN": "s: QUERY",
		"":      "s: QUERY",
	}
	for query, want := range tests {
		span := otlptest.Span{
			Name: "QUERY", Attributes: map[string]string{"db.query.text": query}, Resource: map[string]string{"service.name": "s"},
		}
		require.Equal(t, want, span.String())
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "traces.jsonl")
	source := otlptest.File(path)
	got, err := source()
	require.NoError(t, err)
	require.Empty(t, got)

	const whole = `{"resourceSpans":[{"resource":{},"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"x"}]}]}]}` + "\n"
	require.NoError(t, os.WriteFile(path, []byte(whole+whole[:50]), 0o600))
	got, err = source()
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, "5b8efff798038103d269b633813fc60c eee19b7ec3c1b174", got[0].Trace+" "+got[0].ID)

	require.NoError(t, os.WriteFile(path, []byte("{\n"), 0o600))
	_, err = source()
	require.ErrorContains(t, err, path)
}

func TestAMissingPathShowsWhatThereIs(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	source := func() ([]otlptest.Span, error) { return spans()[5:], nil }
	_, err := otlptest.Await(ctx, source, "s: lost", "s: child")
	require.EqualError(t, err, "no path of spans\n  s: lost\n  s: child\nin\n(under 8, which is not here)\n  s: lost (1s)\n")
}

func TestAPathThatComesLateIsFound(t *testing.T) {
	t.Parallel()
	asked := 0
	found := otlptest.WantPath(t, func() ([]otlptest.Span, error) {
		asked++
		if asked < 3 {
			return nil, nil
		}
		return spans(), nil
	}, "s: root", "s: first")
	require.Len(t, found, 2)
}

func TestASourceThatFailsIsReported(t *testing.T) {
	t.Parallel()
	_, err := otlptest.Await(t.Context(), func() ([]otlptest.Span, error) { return nil, os.ErrPermission }, "s: root")
	require.ErrorIs(t, err, os.ErrPermission)
}
