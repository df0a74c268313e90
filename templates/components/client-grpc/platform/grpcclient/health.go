package grpcclient

import (
	// A peer's health service is watched only where this package is linked; serviceConfig asks for it.
	_ "google.golang.org/grpc/health"
)
