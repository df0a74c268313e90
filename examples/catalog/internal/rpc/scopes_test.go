package rpc_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/acme/catalog/internal/platform/auth"
	"github.com/acme/catalog/internal/platform/grpcserver"
	"github.com/acme/catalog/internal/rpc"
)

// guard has the rules of the API. A token is the scopes that it has.
func guard() auth.Guard {
	return auth.Guard{
		Realm: "catalog",
		Table: rpc.Scopes(),
		Verify: func(_ context.Context, token string) (*auth.Principal, error) {
			return &auth.Principal{Subject: "test", Scopes: strings.Fields(token)}, nil
		},
	}
}

// methods are those of the API, as "catalog.v1.Service/Method".
func methods() []string {
	server := grpc.NewServer()
	rpc.Register(server, rpc.UseCases{})
	var all []string
	for service, info := range server.GetServiceInfo() {
		for _, method := range info.Methods {
			all = append(all, service+"/"+method.Name)
		}
	}
	slices.Sort(all)
	return all
}

func TestEveryMethodHasScopes(t *testing.T) {
	if diff := cmp.Diff(methods(), slices.Sorted(maps.Keys(rpc.Scopes())), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the table of scopes is not that of the methods (-methods +table):\n%s", diff)
	}
}

func TestMethodsRefuse(t *testing.T) {
	conn := newAPI(t, rpc.UseCases{}, func(deps *grpcserver.Deps) { deps.Authorize = guard().Authorize })
	for _, method := range methods() {
		rule := rpc.Scopes()[method]
		if rule.IsPublic() {
			continue
		}
		t.Run(method, func(t *testing.T) {
			// An empty message is read as the request of any method.
			ask := func(ctx context.Context) error {
				return conn.Invoke(ctx, "/"+method, &emptypb.Empty{}, &emptypb.Empty{})
			}
			if err := ask(t.Context()); status.Code(err) != codes.Unauthenticated {
				t.Errorf("without a token: %v", err)
			}
			if len(rule.Scopes()) == 0 {
				return
			}
			few := strings.Join(rule.Scopes()[1:], " ") + " another.scope"
			if err := ask(metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+few)); status.Code(err) != codes.PermissionDenied {
				t.Errorf("with too few scopes: %v", err)
			}
			enough := strings.Join(rule.Scopes(), " ")
			if _, err := guard().Authorize(t.Context(), method, []string{"Bearer " + enough}); err != nil {
				t.Errorf("with %s: %v", enough, err)
			}
		})
	}
}
