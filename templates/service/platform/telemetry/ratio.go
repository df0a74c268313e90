package telemetry

import (
	"sync/atomic"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// ratio is a sampler whose share can be changed while it is in use.
type ratio struct {
	current atomic.Pointer[sdktrace.Sampler]
}

func newRatio(share float64) *ratio {
	r := new(ratio)
	r.set(share)
	return r
}

func (r *ratio) set(share float64) {
	sampler := sdktrace.TraceIDRatioBased(share)
	r.current.Store(&sampler)
}

// ShouldSample decides by the trace id, so that all services with the same share decide alike.
func (r *ratio) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	return (*r.current.Load()).ShouldSample(p)
}

// Description returns the name of the sampler.
func (r *ratio) Description() string { return (*r.current.Load()).Description() }
