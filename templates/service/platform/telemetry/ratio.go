package telemetry

import (
	"sync"
	"sync/atomic"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// ratio is a sampler whose share can be changed while it is in use, and which records no more than so many traces a second:
// what recording costs does not grow with the load.
type ratio struct {
	current atomic.Pointer[shared]
	most    int64

	mu     sync.Mutex
	second int64
	seen   int64
}

// shared is a sampler with the share that it records.
type shared struct {
	sdktrace.Sampler

	share float64
}

func newRatio(share float64, most int64) *ratio {
	r := &ratio{most: most}
	r.set(share)
	return r
}

func (r *ratio) set(share float64) {
	r.current.Store(&shared{Sampler: sdktrace.TraceIDRatioBased(share), share: share})
}

func (r *ratio) get() float64 { return r.current.Load().share }

// ShouldSample decides by the trace id, so that all services with the same share decide alike, as long as there are not too
// many.
func (r *ratio) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	result := r.current.Load().ShouldSample(p)
	if result.Decision != sdktrace.RecordAndSample || r.isWithin(time.Now()) {
		return result
	}
	return sdktrace.SamplingResult{
		Decision:   sdktrace.Drop,
		Tracestate: trace.SpanContextFromContext(p.ParentContext).TraceState(),
	}
}

// isWithin reports whether one more trace may be recorded in this second.
func (r *ratio) isWithin(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if second := now.Unix(); second != r.second {
		r.second, r.seen = second, 0
	}
	r.seen++
	return r.seen <= r.most
}

// Description returns the name of the sampler.
func (r *ratio) Description() string { return r.current.Load().Description() }
