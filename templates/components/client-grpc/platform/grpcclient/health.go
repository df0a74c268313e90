package grpcclient

// The health service of a peer is watched only where this package is linked; serviceConfig asks for it.
import _ "google.golang.org/grpc/health"
