package identity_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"create-service/templates/service/platform/identity"
)

func TestNew(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	got := identity.New("orders", "v1.2.3", identity.Config{Environment: "prod"})
	want := identity.Service{Name: "orders", Version: "v1.2.3", Environment: "prod", Instance: host}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("New() (-want +got):\n%s", diff)
	}
}

func TestNewFindsTheVersionOfTheBuild(t *testing.T) {
	if got := identity.New("orders", "", identity.Config{}); got.Version == "" {
		t.Error("New() has no version, want the one that the toolchain recorded")
	}
}
