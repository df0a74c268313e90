package grpcfake_test

import (
	"context"
	"testing"

	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/status"

	"create-service/templates/components/client-grpc/platform/grpcfake"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// peer answers one of its methods.
type peer struct {
	grpc_testing.UnimplementedTestServiceServer
}

func (peer) UnaryCall(_ context.Context, in *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
	return &grpc_testing.SimpleResponse{Payload: in.GetPayload()}, nil
}

func TestServe(t *testing.T) {
	conn := grpcfake.Serve(t, "inventory", func(s grpc.ServiceRegistrar) { grpc_testing.RegisterTestServiceServer(s, peer{}) })
	client := grpc_testing.NewTestServiceClient(conn)
	answer, err := client.UnaryCall(t.Context(), &grpc_testing.SimpleRequest{Payload: &grpc_testing.Payload{Body: []byte("x")}})
	if err != nil || string(answer.GetPayload().GetBody()) != "x" {
		t.Errorf("%v, %v", answer, err)
	}
	if _, err := client.EmptyCall(t.Context(), &grpc_testing.Empty{}); status.Code(err) != codes.Unimplemented {
		t.Errorf("a method that is not there: %v, want UNIMPLEMENTED", err)
	}
}
