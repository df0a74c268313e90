// Package otlptest collects the spans that services under test export, and checks how they hang together.
//
// Spans come from a [Receiver] in the test's own process, or from the file of a collector ([File]).
package otlptest

import (
	"context"
	"net"
	"slices"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
)

// Receiver takes OTLP over gRPC and keeps the spans in memory.
type Receiver struct {
	collector.UnimplementedTraceServiceServer
	// URL is what a service is configured with, as OTEL_EXPORTER_OTLP_ENDPOINT.
	URL string
	// answers is closed by a receiver that answers. One that does not holds every export for as long as the caller waits.
	answers chan struct{}

	mu    sync.Mutex
	spans []Span
}

// Start returns a receiver that answers until the test ends.
func Start(tb testing.TB) *Receiver {
	tb.Helper()
	r := start(tb)
	close(r.answers)
	return r
}

// StartSilent returns a receiver that accepts connections until the test ends, and never answers.
func StartSilent(tb testing.TB) *Receiver {
	tb.Helper()
	return start(tb)
}

func start(tb testing.TB) *Receiver {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("otlptest: %v", err)
	}
	r := &Receiver{URL: "http://" + listener.Addr().String(), answers: make(chan struct{})}
	server := grpc.NewServer()
	collector.RegisterTraceServiceServer(server, r)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	tb.Cleanup(func() {
		server.Stop()
		if err := <-served; err != nil {
			tb.Errorf("otlptest: %v", err)
		}
	})
	return r
}

// Environment returns the KEY=value lines with which a service that is run as a process sends every span here, soon.
func (r *Receiver) Environment() []string {
	return []string{"OTEL_EXPORTER_OTLP_ENDPOINT=" + r.URL, "TRACE_SAMPLE_RATIO=1", "TRACE_BATCH_DELAY=100ms"}
}

// Export keeps the spans. It is OTLP's one method.
func (r *Receiver) Export(ctx context.Context, request *collector.ExportTraceServiceRequest) (*collector.ExportTraceServiceResponse, error) {
	select {
	case <-r.answers:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, resource := range request.GetResourceSpans() {
		sender := textsOf(resource.GetResource().GetAttributes())
		for _, scope := range resource.GetScopeSpans() {
			for _, span := range scope.GetSpans() {
				r.spans = append(r.spans, spanOf(sender, span))
			}
		}
	}
	return &collector.ExportTraceServiceResponse{}, nil
}

// Spans returns what has arrived so far, in the order of arrival.
func (r *Receiver) Spans() ([]Span, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.spans), nil
}
