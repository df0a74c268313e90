package caller_test

import (
	"testing"

	"create-service/templates/service/platform/caller"
)

func TestTheNameIsThatOfTheContext(t *testing.T) {
	if name := caller.Of(t.Context()); name != "" {
		t.Errorf("the caller of nobody's request is %q", name)
	}
	if name := caller.Of(caller.With(t.Context(), "ada")); name != "ada" {
		t.Errorf("the caller is %q, want ada", name)
	}
}
