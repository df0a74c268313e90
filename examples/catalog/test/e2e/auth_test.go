package e2e_test

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/emptypb"
)

// allScopes opens every operation.
func allScopes() []string {
	return []string{
		"catalog.read",
		"catalog.write",
	}
}

func TestTokensOverGRPC(t *testing.T) {
	s := start(t)
	for _, method := range []string{
		"/catalog.v1.ProductService/CreateProduct",
	} {
		for token, code := range map[string]codes.Code{
			"": codes.Unauthenticated,
			s.issuer.Sign(map[string]any{"aud": "somebody-else"}): codes.Unauthenticated,
			s.issuer.Token(): codes.PermissionDenied,
		} {
			// An empty message is read as the request of any method.
			err := s.dialWith(t, token).Invoke(t.Context(), method, &emptypb.Empty{}, &emptypb.Empty{})
			wantCode(t, err, code)
		}
	}
}
