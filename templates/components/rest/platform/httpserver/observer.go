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
	made     time.Time
	// exemplarFrom is when the next exemplar is wanted, in nanoseconds after made.
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
		o = &observer{
			duration: m.duration.WithLabelValues(key.method, key.route, strconv.Itoa(key.class)+"xx"),
			made:     time.Now(),
		}
		m.observers[key] = o
	}
	return o
}

func (o *observer) observe(ctx context.Context, took time.Duration) {
	if o.exemplarDue() {
		metrics.Observe(ctx, o.duration, took)
		return
	}
	o.duration.Observe(took.Seconds())
}

func (o *observer) exemplarDue() bool {
	now, from := time.Since(o.made).Nanoseconds(), o.exemplarFrom.Load()
	return now >= from && o.exemplarFrom.CompareAndSwap(from, now+exemplarEvery.Nanoseconds())
}
