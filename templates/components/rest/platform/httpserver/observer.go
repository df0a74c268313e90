package httpserver

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"create-service/templates/service/platform/metrics"
)

// exemplarEvery is how often one observer takes an exemplar: they are read once a scrape, and making one costs more
// than all the rest of the measuring.
const exemplarEvery = time.Second

// observer measures one combination of labels.
type observer struct {
	duration prometheus.Observer
	// exemplarFrom is when the next exemplar is wanted, in nanoseconds since 1970.
	exemplarFrom atomic.Int64
}

// observer returns the one for key, making it when it is new.
func (m *requestMetrics) observer(key series) *observer {
	m.mu.RLock()
	o := m.observers[key]
	m.mu.RUnlock()
	if o != nil {
		return o
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.observers) >= mostObservers {
		key = series{method: "_OTHER", route: "_OTHER", class: key.class}
	}
	if o = m.observers[key]; o == nil {
		o = &observer{duration: m.duration.WithLabelValues(key.method, key.route, strconv.Itoa(key.class)+"xx")}
		m.observers[key] = o
	}
	return o
}

// observe counts a request that took its time until end.
func (o *observer) observe(ctx context.Context, end time.Time, took time.Duration) {
	if o.exemplarDue(end.UnixNano()) {
		metrics.Observe(ctx, o.duration, took)
		return
	}
	o.duration.Observe(took.Seconds())
}

func (o *observer) exemplarDue(now int64) bool {
	from := o.exemplarFrom.Load()
	return now >= from && o.exemplarFrom.CompareAndSwap(from, now+exemplarEvery.Nanoseconds())
}
