package telemetry_test

import (
	"context"
	"net"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc"
)

// fakeCollector is an OTLP receiver on a TCP port.
type fakeCollector struct {
	collector.UnimplementedTraceServiceServer
	// url is what a service is configured with.
	url string
	// hold makes an export wait until it is closed.
	hold chan struct{}

	mu       sync.Mutex
	received []*otlp.ResourceSpans
}

// Export keeps the spans.
func (c *fakeCollector) Export(ctx context.Context, request *collector.ExportTraceServiceRequest) (*collector.ExportTraceServiceResponse, error) {
	select {
	case <-c.hold:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.received = append(c.received, request.GetResourceSpans()...)
	return &collector.ExportTraceServiceResponse{}, nil
}

// spans returns what has arrived, in no order.
func (c *fakeCollector) spans() []*otlp.Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []*otlp.Span
	for _, resource := range c.received {
		for _, scope := range resource.GetScopeSpans() {
			all = append(all, scope.GetSpans()...)
		}
	}
	return all
}

// resource returns the attributes of the sender.
func (c *fakeCollector) resource() map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	attributes := map[string]string{}
	for _, resource := range c.received {
		for _, a := range resource.GetResource().GetAttributes() {
			attributes[a.GetKey()] = a.GetValue().GetStringValue()
		}
	}
	return attributes
}

// startCollector serves until the test ends. One that does not answer holds every export.
func startCollector(t *testing.T, answers bool) *fakeCollector {
	t.Helper()
	var lc net.ListenConfig
	listener, err := lc.Listen(t.Context(), "tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &fakeCollector{url: "http://" + listener.Addr().String(), hold: make(chan struct{})}
	if answers {
		close(c.hold)
	}
	server := grpc.NewServer()
	collector.RegisterTraceServiceServer(server, c)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		server.Stop()
		if err := <-served; err != nil {
			t.Errorf("collector: %v", err)
		}
	})
	return c
}
