package metrics

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// SeriesLimit is the most series that one process should expose: 2,000. More mostly means that a label takes its
// values from requests, and such a label brings the monitoring of every service down.
const SeriesLimit = 2000

// Bound returns a gatherer that hands over at most limit series of g. Above it the metrics with the most series are
// left out, whole, until the rest fits; metrics_dropped_families says how many are missing. Those whose names are in keep
// are never left out, even if they alone are above the limit: without them nobody is told that calls fail.
func Bound(g prometheus.Gatherer, limit int, keep ...string) prometheus.Gatherer {
	return prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) {
		families, err := g.Gather()
		kept := within(families, limit-1, keep)
		kept = append(kept, droppedFamily(len(families)-len(kept)))
		slices.SortFunc(kept, func(a, b *dto.MetricFamily) int { return cmp.Compare(a.GetName(), b.GetName()) })
		if err != nil {
			return kept, fmt.Errorf("gather the metrics: %w", err)
		}
		return kept, nil
	})
}

func within(families []*dto.MetricFamily, limit int, keep []string) []*dto.MetricFamily {
	var kept, others []*dto.MetricFamily
	total := 0
	for _, family := range families {
		if slices.Contains(keep, family.GetName()) {
			kept = append(kept, family)
			total += series(family)
		} else {
			others = append(others, family)
		}
	}
	slices.SortStableFunc(others, func(a, b *dto.MetricFamily) int { return cmp.Compare(series(a), series(b)) })
	for _, family := range others {
		if total += series(family); total > limit {
			break
		}
		kept = append(kept, family)
	}
	return kept
}

// series counts the time series of a family: a histogram has one for each bucket, the one without bound, the sum
// and the count.
func series(family *dto.MetricFamily) int {
	total := 0
	for _, m := range family.GetMetric() {
		switch {
		case m.GetHistogram() != nil:
			total += len(m.GetHistogram().GetBucket()) + 3
		case m.GetSummary() != nil:
			total += len(m.GetSummary().GetQuantile()) + 2
		default:
			total++
		}
	}
	return total
}

func droppedFamily(n int) *dto.MetricFamily {
	name, help := "metrics_dropped_families", "Metrics that are left out because the process has too many series."
	value := float64(n)
	return &dto.MetricFamily{
		Name:   &name,
		Help:   &help,
		Type:   dto.MetricType_GAUGE.Enum(),
		Metric: []*dto.Metric{{Gauge: &dto.Gauge{Value: &value}}},
	}
}
