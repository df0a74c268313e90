package grpcserver_test

import (
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/interop/grpc_testing"
)

func TestInFlightLimit(t *testing.T) {
	cfg := config()
	cfg.MaxInFlight = 2
	f := newFixture(t, cfg)
	entered, leave := make(chan struct{}), make(chan struct{})
	start(t, f, blocking(entered, leave))
	conn := dial(t, f)
	calls := grpc_testing.NewTestServiceClient(conn)
	done := make(chan error)
	for range 2 {
		go func() { done <- ask(t.Context(), calls) }()
		<-entered
	}
	if got := family(t, f, "rpc_server_active_calls").GetMetric()[0].GetGauge().GetValue(); got != 2 {
		t.Errorf("rpc_server_active_calls is %v, want 2", got)
	}
	if got := family(t, f, "rpc_server_active_calls_limit").GetMetric()[0].GetGauge().GetValue(); got != 2 {
		t.Errorf("rpc_server_active_calls_limit is %v, want 2", got)
	}
	refused := wantStatus(t, ask(t.Context(), calls), codes.Unavailable, "UNAVAILABLE")
	if !retriesAfterASecond(refused.Details()) {
		t.Errorf("the details are %v, want to retry after a second", refused.Details())
	}
	stream, err := calls.FullDuplexCall(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = stream.Recv()
	wantStatus(t, err, codes.Unavailable, "UNAVAILABLE")
	if _, err := grpc_health_v1.NewHealthClient(conn).Check(t.Context(), &grpc_health_v1.HealthCheckRequest{}); err != nil {
		t.Errorf("a health check over the limit: %v, want an answer", err)
	}
	close(leave)
	for range 2 {
		if err := <-done; err != nil {
			t.Errorf("a call within the limit: %v", err)
		}
	}
	go func() { done <- ask(t.Context(), calls) }()
	<-entered
	if err := <-done; err != nil {
		t.Errorf("a call after the others ended: %v", err)
	}
}

func retriesAfterASecond(details []any) bool {
	for _, detail := range details {
		if retry, ok := detail.(*errdetails.RetryInfo); ok {
			return retry.GetRetryDelay().GetSeconds() == 1
		}
	}
	return false
}
