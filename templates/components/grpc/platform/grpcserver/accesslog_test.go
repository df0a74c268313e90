package grpcserver_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"

	"create-service/templates/service/kernel/fault"
)

func TestAccessLogLine(t *testing.T) {
	f := newFixture(t, config())
	start(t, f, answering(nil))
	calls := grpc_testing.NewTestServiceClient(dial(t, f, grpc.WithUserAgent("tester/1")))
	ctx := metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "r-1", "authorization", "Bearer secret-token",
		"secret", "secret-value", "traceparent", traceparent)
	in := &grpc_testing.SimpleRequest{Payload: &grpc_testing.Payload{Body: []byte("secret-body")}}
	if _, err := calls.UnaryCall(ctx, in); err != nil {
		t.Fatal(err)
	}
	line := f.lines(t)[0]
	want := map[string]any{
		"message":                  "call",
		"log.level":                "info",
		"rpc.method":               unaryCall,
		"rpc.response.status_code": "OK",
		"http.request.id":          "r-1",
		"client.ip":                "127.0.0.1",
		"trace.id":                 traceID,
	}
	got := map[string]any{}
	for key := range want {
		got[key] = line[key]
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the line (-want +got):\n%s", diff)
	}
	if agent, _ := line["user_agent.original"].(string); !strings.HasPrefix(agent, "tester/1 ") {
		t.Errorf("the agent is %q", agent)
	}
	if took, _ := line["event.duration"].(float64); took <= 0 || took > float64(5*time.Second) {
		t.Errorf("event.duration is %v ns", took)
	}
	if text := f.log.String(); strings.Contains(text, "secret") {
		t.Errorf("the line tells what must not be logged: %s", text)
	}
}

func TestAccessLogCutsLongAgents(t *testing.T) {
	f := newFixture(t, config())
	start(t, f, answering(nil))
	if err := ask(t.Context(), grpc_testing.NewTestServiceClient(dial(t, f, grpc.WithUserAgent(strings.Repeat("a", 1000))))); err != nil {
		t.Fatal(err)
	}
	if got, _ := f.lines(t)[0]["user_agent.original"].(string); len(got) != 256 {
		t.Errorf("the agent has %d bytes, want 256", len(got))
	}
}

func TestAccessLogSampling(t *testing.T) {
	cfg := config()
	cfg.LogRate, cfg.LogSlow = 0, 100*time.Millisecond
	f := newFixture(t, cfg)
	s := answering(nil)
	start(t, f, s)
	calls := grpc_testing.NewTestServiceClient(dial(t, f))
	for range 50 {
		if err := ask(t.Context(), calls); err != nil {
			t.Fatal(err)
		}
	}
	wantLogged(t, f, 0, 50)

	s.unary = answering(fault.New(fault.NotFound, "no such order")).unary
	for range 20 {
		_ = ask(t.Context(), calls)
	}
	wantLogged(t, f, 20, 50)

	s.unary = func(context.Context, *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
		time.Sleep(100 * time.Millisecond)
		return &grpc_testing.SimpleResponse{}, nil
	}
	_ = ask(t.Context(), calls)
	wantLogged(t, f, 21, 50)
}

// wantLogged checks how many calls have a line and how many are counted instead.
func wantLogged(t *testing.T, f *fixture, lines, dropped int) {
	t.Helper()
	if got := len(f.lines(t)); got != lines {
		t.Errorf("the log has %d lines, want %d", got, lines)
	}
	counter := family(t, f, "rpc_server_access_log_dropped_total").GetMetric()[0].GetCounter()
	if got := counter.GetValue(); got != float64(dropped) {
		t.Errorf("the counter of dropped lines is %v, want %d", got, dropped)
	}
}
