package kafka_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/components/kafka/platform/kafkatest"
	"create-service/templates/components/outbox/platform/relay"
)

// BenchmarkSend sends batches of 500, as the relay does.
func BenchmarkSend(b *testing.B) {
	const size = 500
	cfg := created(b, 6)
	client := kafkatest.Open(b, cfg, "shipping")
	messages := make([]relay.Outgoing, size)
	for i := range messages {
		messages[i] = outgoing(fmt.Sprint("o-", i%100), i)
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range client.Send(b.Context(), messages) {
			require.NoError(b, err)
		}
	}
	b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkConsume hands records to a handler that does nothing, commits included.
func BenchmarkConsume(b *testing.B) {
	const size = 1000
	cfg := created(b, 6)
	client := kafkatest.Open(b, cfg, "shipping")
	var handled atomic.Int64
	consumer := client.NewConsumer(subscription(func(context.Context, kafka.Event) error {
		handled.Add(1)
		return nil
	}))
	ended := make(chan error, 1)
	go func() { ended <- consumer.Run(context.WithoutCancel(b.Context())) }()
	messages := make([]relay.Outgoing, size)
	for i := range messages {
		messages[i] = outgoing(fmt.Sprint("o-", i%100), i)
	}
	// Without the time that joining the group takes.
	for _, err := range client.Send(b.Context(), messages) {
		require.NoError(b, err)
	}
	for handled.Load() < size {
		time.Sleep(time.Millisecond)
	}
	total := int64(size)
	b.ResetTimer()
	for b.Loop() {
		b.StopTimer()
		for range 10 {
			for _, err := range client.Send(b.Context(), messages) {
				require.NoError(b, err)
			}
		}
		b.StartTimer()
		for total += 10 * size; handled.Load() < total; {
			time.Sleep(time.Millisecond)
		}
	}
	b.ReportMetric(float64(b.N*10*size)/b.Elapsed().Seconds(), "events/s")
	require.NoError(b, consumer.Shutdown(context.WithoutCancel(b.Context())))
	require.NoError(b, <-ended)
}
