package grpcserver

import (
	"context"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

// healthPeriod is how often a watched state is looked at. The beginning of a drain is told at once.
const healthPeriod = time.Second

// healthService is grpc.health.v1 over the state of the process. All services of a process are as well as it is.
type healthService struct {
	grpc_health_v1.UnimplementedHealthServer
	ready func() bool
	has   func(service string) bool

	draining, ended chan struct{}
	// drain and end close the channels above, once.
	drain, end func()
}

func newHealthService(ready func() bool, has func(string) bool) *healthService {
	h := &healthService{ready: ready, has: has, draining: make(chan struct{}), ended: make(chan struct{})}
	h.drain = sync.OnceFunc(func() { close(h.draining) })
	h.end = sync.OnceFunc(func() {
		h.drain()
		close(h.ended)
	})
	return h
}

// Check answers whether a service takes calls; the empty name stands for all.
func (h *healthService) Check(_ context.Context, in *grpc_health_v1.HealthCheckRequest) (*grpc_health_v1.HealthCheckResponse, error) {
	state := h.state(in.GetService())
	if state == grpc_health_v1.HealthCheckResponse_SERVICE_UNKNOWN {
		return nil, status.Error(codes.NotFound, "there is no such service")
	}
	return &grpc_health_v1.HealthCheckResponse{Status: state}, nil
}

// Watch tells every change of a service's state, until the client leaves or the server ends.
func (h *healthService) Watch(in *grpc_health_v1.HealthCheckRequest, stream grpc_health_v1.Health_WatchServer) error {
	ticker := time.NewTicker(healthPeriod)
	defer ticker.Stop()
	draining := h.draining
	told := grpc_health_v1.HealthCheckResponse_UNKNOWN
	for {
		if now := h.state(in.GetService()); now != told {
			told = now
			if err := stream.Send(&grpc_health_v1.HealthCheckResponse{Status: now}); err != nil {
				return err
			}
		}
		select {
		case <-ticker.C:
		case <-draining:
			draining = nil
		case <-h.ended:
			return status.Error(codes.Unavailable, "the server ends")
		case <-stream.Context().Done():
			return status.FromContextError(stream.Context().Err()).Err()
		}
	}
}

func (h *healthService) state(service string) grpc_health_v1.HealthCheckResponse_ServingStatus {
	if service != "" && !h.has(service) {
		return grpc_health_v1.HealthCheckResponse_SERVICE_UNKNOWN
	}
	select {
	case <-h.draining:
		return grpc_health_v1.HealthCheckResponse_NOT_SERVING
	default:
	}
	if !h.ready() {
		return grpc_health_v1.HealthCheckResponse_NOT_SERVING
	}
	return grpc_health_v1.HealthCheckResponse_SERVING
}
