// Package integration_test tests the stores against a database.
package integration_test

import (
	"testing"

	"github.com/acme/orders/internal/platform/mysqltest"
)

func TestMain(m *testing.M) { mysqltest.Main(m) }
