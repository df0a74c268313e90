package taskqueue_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"create-service/templates/components/asynq/platform/taskqueue"
	"create-service/templates/service/kernel/message"
	"create-service/templates/service/platform/redistest"
)

// benchmarked is a client as services have it: traces are made and not recorded, logs go nowhere.
func benchmarked(b *testing.B) *taskqueue.Client {
	b.Helper()
	c, err := taskqueue.Open(b.Context(), quick(b, redistest.Open(b).Environment("ASYNQ")...), taskqueue.Deps{
		Registry:   prometheus.NewRegistry(),
		Tracing:    sdktrace.NewTracerProvider(sdktrace.WithSampler(sdktrace.NeverSample())),
		Propagator: propagation.TraceContext{},
		Log:        slog.New(slog.DiscardHandler),
	}, noteSpec())
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, c.Close()) })
	return c
}

func BenchmarkSend(b *testing.B) {
	c := benchmarked(b)
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Send(b.Context(), noteMessage("x")); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
}

// BenchmarkProcess runs tasks that are waiting, ten at a time.
func BenchmarkProcess(b *testing.B) {
	c := benchmarked(b)
	const waiting = 1000
	ran := make(chan struct{}, waiting)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		messages := make([]message.Message, waiting)
		for i := range messages {
			messages[i] = noteMessage("x")
		}
		require.NoError(b, c.Send(b.Context(), messages...))
		server := taskqueue.NewServer(c)
		server.Handle(taskqueue.Handle(noteName, func(context.Context, taskqueue.Task[note]) error {
			ran <- struct{}{}
			return nil
		}))
		ctx, cancel := context.WithCancel(b.Context())
		ended := make(chan error)
		b.StartTimer()
		go func() { ended <- server.Run(ctx) }()
		for range waiting {
			<-ran
		}
		b.StopTimer()
		require.NoError(b, server.Shutdown(b.Context()))
		cancel()
		require.ErrorIs(b, <-ended, context.Canceled)
		b.StartTimer()
	}
	b.ReportMetric(waiting*float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
}
