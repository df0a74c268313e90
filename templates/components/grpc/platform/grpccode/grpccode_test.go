package grpccode_test

import (
	"testing"

	"google.golang.org/grpc/codes"

	"create-service/templates/components/grpc/platform/grpccode"
)

func TestText(t *testing.T) {
	for code, want := range map[codes.Code]string{
		codes.OK: "OK", codes.Canceled: "CANCELLED", codes.NotFound: "NOT_FOUND", codes.Unauthenticated: "UNAUTHENTICATED", 17: "17",
	} {
		if got := grpccode.Text(code); got != want {
			t.Errorf("Text(%d) = %q, want %q", code, got, want)
		}
	}
}
