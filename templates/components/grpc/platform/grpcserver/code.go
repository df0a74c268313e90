package grpcserver

import (
	"strconv"

	"google.golang.org/grpc/codes"
)

// codeTexts are the codes as the gRPC documentation and OpenTelemetry write them, in the order of their numbers.
func codeTexts() [17]string {
	return [...]string{
		"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
		"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
		"INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
	}
}

// codeText is a code in upper case: Go's own text of it is NotFound.
func codeText(code codes.Code) string {
	if texts := codeTexts(); int(code) < len(texts) {
		return texts[code]
	}
	return strconv.Itoa(int(code))
}
