package metrics

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// exemplarEvery is how often one histogram takes an exemplar: they are read once a scrape, and making one costs more
// than all the rest of the measuring.
const exemplarEvery = time.Second

// Labels is one combination of the values of a histogram's labels.
type Labels interface {
	comparable
	// Values are in the order of the histogram's label names.
	Values() []string
}

// Durations measures durations by their labels, of which L is a combination. Looking a histogram up by its labels costs
// more than observing, so each combination's is kept.
type Durations[L Labels] struct {
	histograms *prometheus.HistogramVec
	most       int
	other      func(L) L

	mu        sync.RWMutex
	observers map[L]*observer
}

// NewDurations returns a measure that fills histograms. Once most combinations have been seen, what is new is counted
// under the labels that other makes of it, which has to give few: labels must not grow with what callers send.
func NewDurations[L Labels](histograms *prometheus.HistogramVec, most int, other func(L) L) *Durations[L] {
	return &Durations[L]{histograms: histograms, most: most, other: other, observers: map[L]*observer{}}
}

// Observe counts what took its time until end, in the context of its span.
func (d *Durations[L]) Observe(ctx context.Context, labels L, end time.Time, took time.Duration) {
	d.observer(labels).observe(ctx, end, took)
}

// observer returns the one for labels, making it when it is new.
func (d *Durations[L]) observer(labels L) *observer {
	d.mu.RLock()
	o := d.observers[labels]
	d.mu.RUnlock()
	if o != nil {
		return o
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.observers) >= d.most {
		labels = d.other(labels)
	}
	if o = d.observers[labels]; o == nil {
		o = &observer{duration: d.histograms.WithLabelValues(labels.Values()...)}
		d.observers[labels] = o
	}
	return o
}

// observer measures one combination of labels.
type observer struct {
	duration prometheus.Observer
	// exemplarFrom is when the next exemplar is wanted, in nanoseconds since 1970.
	exemplarFrom atomic.Int64
}

func (o *observer) observe(ctx context.Context, end time.Time, took time.Duration) {
	if o.exemplarDue(end.UnixNano()) {
		Observe(ctx, o.duration, took)
		return
	}
	o.duration.Observe(took.Seconds())
}

func (o *observer) exemplarDue(now int64) bool {
	from := o.exemplarFrom.Load()
	return now >= from && o.exemplarFrom.CompareAndSwap(from, now+exemplarEvery.Nanoseconds())
}
