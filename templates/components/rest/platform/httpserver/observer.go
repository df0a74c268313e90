package httpserver

import (
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
)

// exemplarEvery is how often one series takes a new exemplar: they are read once a scrape, and making one costs
// more than everything else here.
const exemplarEvery = time.Second

// observer measures one combination of labels.
type observer struct {
	plain     prometheus.Observer
	exemplars prometheus.ExemplarObserver
	// next is the monotonic time, since the observer was made, from which another exemplar is wanted.
	next  atomic.Int64
	since time.Time
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
	if len(m.observers) >= mostSeries {
		key = series{method: "_OTHER", route: "_OTHER", class: key.class}
	}
	if o = m.observers[key]; o == nil {
		o = newObserver(m.duration.WithLabelValues(key.method, key.route, strconv.Itoa(key.class)+"xx"))
		m.observers[key] = o
	}
	return o
}

func newObserver(plain prometheus.Observer) *observer {
	exemplars, _ := plain.(prometheus.ExemplarObserver)
	return &observer{plain: plain, exemplars: exemplars, since: time.Now()}
}

// observe counts one request, with its trace as the exemplar when the trace is kept.
func (o *observer) observe(took time.Duration, span trace.SpanContext) {
	if o.exemplars == nil || !span.IsSampled() || !o.exemplarDue() {
		o.plain.Observe(took.Seconds())
		return
	}
	o.exemplars.ObserveWithExemplar(took.Seconds(), prometheus.Labels{"trace_id": span.TraceID().String()})
}

func (o *observer) exemplarDue() bool {
	now := int64(time.Since(o.since))
	next := o.next.Load()
	return now >= next && o.next.CompareAndSwap(next, now+int64(exemplarEvery))
}
