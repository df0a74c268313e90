package kafkatest

import (
	"testing"

	"create-service/templates/service/platform/testserver"
)

// Server is the Kafka cluster of the tests, for [testserver.Main]: the one whose brokers TEST_KAFKA_BROKERS names, with
// commas between them, else the stand-in.
func Server() testserver.Server {
	return testserver.Server{Name: "Kafka", Key: "TEST_KAFKA_BROKERS", StandIn: "KAFKA_BROKERS"}
}

// NeedReal ends a test that needs what the stand-in lacks (say what: "several brokers"): it is skipped, or fails when
// REQUIRE_REAL is 1. On a real server it does nothing.
func NeedReal(tb testing.TB, what string) {
	tb.Helper()
	Server().NeedReal(tb, what)
}
