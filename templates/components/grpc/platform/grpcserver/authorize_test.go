package grpcserver_test

import (
	"context"
	"slices"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/interop/grpc_testing"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"create-service/templates/components/grpc/platform/grpcserver"
	"create-service/templates/service/kernel/fault"
)

// refusal is one as an authorizer returns it.
type refusal struct{ error }

func (refusal) Reason() string              { return "scope" }
func (refusal) Metadata() map[string]string { return map[string]string{"scope": "orders.read"} }
func (r refusal) Unwrap() error             { return r.error }

type nameKey struct{}

// onlyAda lets in whoever sends the one credential.
func onlyAda(ctx context.Context, method string, credentials []string) (context.Context, error) {
	if !slices.Equal(credentials, []string{"Bearer ada"}) {
		return nil, refusal{fault.New(fault.Forbidden, "not you")}
	}
	return context.WithValue(ctx, nameKey{}, "ada in "+method), nil
}

// named answers only a caller that is known, over a message and over a stream.
func named() *service {
	who := func(ctx context.Context) string {
		name, _ := ctx.Value(nameKey{}).(string)
		return name
	}
	return &service{
		unary: func(ctx context.Context, _ *grpc_testing.SimpleRequest) (*grpc_testing.SimpleResponse, error) {
			return &grpc_testing.SimpleResponse{Username: who(ctx)}, nil
		},
		duplex: func(stream grpc_testing.TestService_FullDuplexCallServer) error {
			return stream.Send(&grpc_testing.StreamingOutputCallResponse{Payload: &grpc_testing.Payload{Body: []byte(who(stream.Context()))}})
		},
	}
}

func TestAuthorize(t *testing.T) {
	f := newFixture(t, config(), func(d *grpcserver.Deps) { d.Authorize = onlyAda })
	start(t, f, named())
	conn := dial(t, f)
	calls := grpc_testing.NewTestServiceClient(conn)
	ada := metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer ada")

	answer, err := calls.UnaryCall(ada, &grpc_testing.SimpleRequest{})
	if err != nil || answer.GetUsername() != "ada in "+unaryCall {
		t.Errorf("a call with the credential: %q, %v", answer.GetUsername(), err)
	}
	stream, err := calls.FullDuplexCall(ada)
	if err != nil {
		t.Fatal(err)
	}
	if message, err := stream.Recv(); err != nil || string(message.GetPayload().GetBody()) != "ada in "+fullDuplex {
		t.Errorf("a stream with the credential: %q, %v", message.GetPayload().GetBody(), err)
	}

	_, err = calls.UnaryCall(t.Context(), &grpc_testing.SimpleRequest{})
	wantForbidden(t, err)
	stream, err = calls.FullDuplexCall(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = stream.Recv()
	wantForbidden(t, err)
	refused := 0
	for _, line := range f.waitForLines(t, 4) {
		if line["event.reason"] == "scope" && line["rpc.response.status_code"] == "PERMISSION_DENIED" {
			refused++
		}
	}
	if refused != 2 {
		t.Errorf("%d refusals are logged with their reason, want 2", refused)
	}

	if _, err := grpc_health_v1.NewHealthClient(conn).Check(t.Context(), &grpc_health_v1.HealthCheckRequest{}); err != nil {
		t.Errorf("the health service asks for more: %v", err)
	}
	err = conn.Invoke(t.Context(), "/no.such.Service/Method", &grpc_testing.Empty{}, &grpc_testing.Empty{})
	if status.Code(err) != codes.Unimplemented {
		t.Errorf("a method that does not exist: %v", err)
	}
}

// wantForbidden checks the code, and that the details have what the refusal knows.
func wantForbidden(t *testing.T, err error) {
	t.Helper()
	refused := status.Convert(err)
	if refused.Code() != codes.PermissionDenied {
		t.Fatalf("the answer is %v, want %v", err, codes.PermissionDenied)
	}
	for _, detail := range refused.Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			if info.GetReason() != "FORBIDDEN" || info.GetMetadata()["scope"] != "orders.read" {
				t.Errorf("the details are %v", info)
			}
			return
		}
	}
	t.Errorf("%v has no details", err)
}
