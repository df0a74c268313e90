package logging_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"create-service/templates/service/platform/logging"
)

// nowhere takes lines and drops them, without slog knowing that it does.
type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

// BenchmarkLine compares a line of seven attributes with slog's own JSON handler, plain and with ECS names by
// ReplaceAttr.
func BenchmarkLine(b *testing.B) {
	svc := service()
	identity := []any{"ecs.version", "8.17.0", "service.name", svc.Name, "service.version", svc.Version, "service.environment", svc.Environment, "service.node.name", svc.Instance}
	own, _ := logging.New(nowhere{}, logging.Config{}, svc)
	loggers := []struct {
		name string
		log  *slog.Logger
	}{
		{name: "own", log: own},
		{name: "slog", log: slog.New(slog.NewJSONHandler(nowhere{}, nil)).With(identity...)},
		{name: "slog-replace", log: slog.New(slog.NewJSONHandler(nowhere{}, &slog.HandlerOptions{ReplaceAttr: rename})).With(identity...)},
	}
	for _, l := range loggers {
		b.Run(l.name, func(b *testing.B) {
			ctx := context.Background()
			b.ReportAllocs()
			for b.Loop() {
				l.log.LogAttrs(ctx, slog.LevelInfo, "request",
					slog.String("http.request.method", "GET"),
					slog.String("http.route", "/v1/orders/:id"),
					slog.Int("http.response.status_code", 200),
					slog.Duration("event.duration", 1234567*time.Nanosecond),
					slog.String("client.ip", "10.0.0.1"),
					slog.String("user_agent.original", "curl/8.5.0"),
					slog.String("http.request.id", "0192f0c1-2b3c-7def-8123-456789abcdef"),
				)
			}
		})
	}
}

func rename(_ []string, a slog.Attr) slog.Attr {
	switch a.Key {
	case slog.TimeKey:
		a.Key = "@timestamp"
	case slog.LevelKey:
		a.Key = "log.level"
	case slog.MessageKey:
		a.Key = "message"
	}
	return a
}
