package grpcserver_test

import (
	"context"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/reflection/grpc_reflection_v1"
	"google.golang.org/grpc/status"
)

func TestHealthFollowsTheProcess(t *testing.T) {
	f, _ := client(t, answering(nil))
	health := grpc_health_v1.NewHealthClient(dial(t, f))
	wantHealth := func(want grpc_health_v1.HealthCheckResponse_ServingStatus) {
		t.Helper()
		for _, service := range []string{"", "grpc.testing.TestService"} {
			got, err := health.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: service})
			if err != nil || got.GetStatus() != want {
				t.Errorf("service %q is %v, error %v; want %v", service, got.GetStatus(), err, want)
			}
		}
	}
	wantHealth(grpc_health_v1.HealthCheckResponse_SERVING)
	f.ready.Store(false)
	wantHealth(grpc_health_v1.HealthCheckResponse_NOT_SERVING)
	f.ready.Store(true)
	wantHealth(grpc_health_v1.HealthCheckResponse_SERVING)
	f.Drain()
	f.Drain()
	wantHealth(grpc_health_v1.HealthCheckResponse_NOT_SERVING)

	_, err := health.Check(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: "no.such.Service"})
	if status.Code(err) != codes.NotFound {
		t.Errorf("a service that does not exist is answered %v", err)
	}
	if lines := f.lines(t); len(lines) != 0 {
		t.Errorf("health checks are logged: %v", lines)
	}
	if counts := observed(t, f); len(counts) != 0 {
		t.Errorf("health checks are measured: %v", counts)
	}
}

func TestHealthTellsWatchersOfADrain(t *testing.T) {
	f := newFixture(t, config())
	grpc_testing.RegisterTestServiceServer(f, answering(nil))
	if err := f.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- f.Run(context.Background()) }()
	health := grpc_health_v1.NewHealthClient(dial(t, f))
	known, err := health.Watch(t.Context(), &grpc_health_v1.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	unknown, err := health.Watch(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: "no.such.Service"})
	if err != nil {
		t.Fatal(err)
	}
	wantNext := func(watch grpc_health_v1.Health_WatchClient, want grpc_health_v1.HealthCheckResponse_ServingStatus) {
		t.Helper()
		if got, err := watch.Recv(); err != nil || got.GetStatus() != want {
			t.Errorf("the watcher is told %v, error %v; want %v", got.GetStatus(), err, want)
		}
	}
	wantNext(known, grpc_health_v1.HealthCheckResponse_SERVING)
	wantNext(unknown, grpc_health_v1.HealthCheckResponse_SERVICE_UNKNOWN)
	f.ready.Store(false)
	wantNext(known, grpc_health_v1.HealthCheckResponse_NOT_SERVING)
	f.ready.Store(true)
	wantNext(known, grpc_health_v1.HealthCheckResponse_SERVING)
	begin := time.Now()
	f.Drain()
	wantNext(known, grpc_health_v1.HealthCheckResponse_NOT_SERVING)
	if took := time.Since(begin); took > 500*time.Millisecond {
		t.Errorf("watchers learn of a drain after %v", took)
	}

	// Watchers must not hold the shutdown up.
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := f.Shutdown(ctx); err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if _, err := known.Recv(); status.Code(err) != codes.Unavailable {
		t.Errorf("the watch ends with %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
}

func TestHealthForgetsWatchersThatLeave(t *testing.T) {
	f, _ := client(t, answering(nil))
	ctx, cancel := context.WithCancel(t.Context())
	watch, err := grpc_health_v1.NewHealthClient(dial(t, f)).Watch(ctx, &grpc_health_v1.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := watch.Recv(); err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := watch.Recv(); status.Code(err) != codes.Canceled {
		t.Errorf("the watch ends with %v", err)
	}
}

func TestReflection(t *testing.T) {
	for enabled, want := range map[bool]codes.Code{true: codes.OK, false: codes.Unimplemented} {
		cfg := config()
		cfg.Reflection = enabled
		f := newFixture(t, cfg)
		start(t, f, answering(nil))
		stream, err := grpc_reflection_v1.NewServerReflectionClient(dial(t, f)).ServerReflectionInfo(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		_ = stream.Send(&grpc_reflection_v1.ServerReflectionRequest{
			MessageRequest: &grpc_reflection_v1.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: "grpc.testing.TestService"},
		})
		answer, err := stream.Recv()
		if status.Code(err) != want || enabled && len(answer.GetFileDescriptorResponse().GetFileDescriptorProto()) == 0 {
			t.Errorf("with reflection %t the answer is %v, error %v", enabled, answer, err)
		}
	}
}
