package grpcserver_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"google.golang.org/grpc/interop/grpc_testing"
)

func TestShutdownWaitsForCalls(t *testing.T) {
	f := newFixture(t, config())
	entered, leave := make(chan struct{}), make(chan struct{})
	grpc_testing.RegisterTestServiceServer(f, blocking(entered, leave))
	if err := f.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	runCtx, endRun := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(runCtx) }()
	calls := grpc_testing.NewTestServiceClient(dial(t, f))
	answer := make(chan error)
	go func() { answer <- ask(context.Background(), calls) }()
	<-entered

	// The end of Run's context is no reason to break off.
	endRun()
	shutdown := make(chan error, 1)
	go func() { shutdown <- f.Shutdown(context.Background()) }()
	select {
	case err := <-shutdown:
		t.Fatalf("Shutdown returned %v while a call was in progress", err)
	case <-time.After(50 * time.Millisecond):
	}
	if err := ask(t.Context(), grpc_testing.NewTestServiceClient(dial(t, f))); err == nil {
		t.Error("a new connection is accepted during the shutdown")
	}

	close(leave)
	if err := <-answer; err != nil {
		t.Errorf("the call in progress was answered %v", err)
	}
	if err := <-shutdown; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
}

func TestShutdownAbandonsCallsWhenItsTimeIsUp(t *testing.T) {
	f := newFixture(t, config())
	entered, left := make(chan struct{}), make(chan error, 1)
	grpc_testing.RegisterTestServiceServer(f, &service{
		unary: func(ctx context.Context, _ *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
			close(entered)
			<-ctx.Done()
			left <- ctx.Err()
			return nil, ctx.Err()
		},
	})
	if err := f.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- f.Run(context.Background()) }()
	calls := grpc_testing.NewTestServiceClient(dial(t, f))
	answer := make(chan error, 1)
	go func() { answer <- ask(context.Background(), calls) }()
	<-entered

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := f.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Shutdown: %v, want the deadline", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the method's context ended with %v, want that it was cancelled", err)
	}
	if err := <-answer; err == nil {
		t.Error("an abandoned call succeeded")
	}
}

func TestDrainGoesOnAnswering(t *testing.T) {
	f, calls := client(t, answering(nil))
	if err := ask(t.Context(), calls); err != nil {
		t.Fatal(err)
	}
	f.Drain()
	if err := ask(t.Context(), calls); err != nil {
		t.Errorf("a call on a connection from before: %v", err)
	}
	if err := ask(t.Context(), grpc_testing.NewTestServiceClient(dial(t, f))); err != nil {
		t.Errorf("a call on a new connection: %v", err)
	}
}
