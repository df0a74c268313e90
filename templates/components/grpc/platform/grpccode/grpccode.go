// Package grpccode writes gRPC's status codes as logs, metrics and spans have them.
package grpccode

import (
	"strconv"

	"google.golang.org/grpc/codes"
)

// texts are the codes as the gRPC documentation and OpenTelemetry write them, in the order of their numbers.
func texts() [17]string {
	return [...]string{
		"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
		"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
		"INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
	}
}

// Text is a code in upper case: Go's own text of it is NotFound.
func Text(code codes.Code) string {
	if all := texts(); int(code) < len(all) {
		return all[code]
	}
	return strconv.Itoa(int(code))
}
