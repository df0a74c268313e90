// Package integration_test tests the stores and what they send against real servers or their stand-ins.
package integration_test

import (
	"testing"

	"github.com/acme/orders/internal/platform/kafkatest"
	"github.com/acme/orders/internal/platform/mysqltest"
	"github.com/acme/orders/internal/platform/redistest"
	"github.com/acme/orders/internal/platform/testserver"
)

func TestMain(m *testing.M) {
	testserver.Main(m,
		redistest.Server("ASYNQ_REDIS_ADDR"),
		kafkatest.Server(),
		mysqltest.Server(),
	)
}
