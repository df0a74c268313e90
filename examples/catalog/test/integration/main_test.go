// Package integration_test tests the stores against a database.
package integration_test

import (
	"testing"

	"github.com/acme/catalog/internal/platform/kafkatest"
	"github.com/acme/catalog/internal/platform/mongotest"
	"github.com/acme/catalog/internal/platform/testserver"
)

func TestMain(m *testing.M) {
	testserver.Main(m,
		kafkatest.Server(),
		mongotest.Server(),
	)
}
