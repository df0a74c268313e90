package kafka

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	// batchTime is how long a batch is worked on before what was handled is committed and others may have a partition.
	batchTime = 10 * time.Second
	// commitAgain is when a commit that failed is tried again.
	commitAgain = time.Second
	// fetchAgain is the rest after a fetch that failed.
	fetchAgain = time.Second
)

// member is a consumer that takes part in its group.
//
// The lanes are used by the goroutine that polls and, in lose, by one of the connection. They never meet: the
// connection changes partitions only between [kgo.Client.AllowRebalance] and the return of the next poll.
type member struct {
	*Consumer
	connection *kgo.Client
	lanes      map[int32]*lane
	// hurry says that the group waits for this member to finish what it has in hand.
	hurry atomic.Bool
}

// lane is what is in hand of one partition.
type lane struct {
	// records wait to be handled, in their order. While there are any, no more of the partition are fetched.
	records []*kgo.Record
	paused  bool
	// tries and failures are how often the first record was handled, and how often it failed for an unknown reason.
	tries, failures int
	// due is when the first record may be tried again.
	due time.Time
	// handled is the last record whose offset is to be committed; nil when there is none.
	handled *kgo.Record
}

// round polls, works on what is in hand and commits it. The group cannot take a partition away meanwhile.
func (m *member) round(polling, working context.Context) {
	failed := m.poll(polling)
	m.work(working)
	m.commit(working)
	m.pauseAndResume()
	m.hurry.Store(false)
	m.connection.AllowRebalance()
	if failed {
		rest(polling, fetchAgain)
	}
}

// poll takes records in hand, waiting no longer than until a lane is due.
func (m *member) poll(ctx context.Context) (failed bool) {
	if wait, bounded := m.wait(); bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, max(wait, time.Millisecond))
		defer cancel()
	}
	fetches := m.connection.PollRecords(ctx, m.client.cfg.BatchRecords)
	fetches.EachError(func(_ string, partition int32, err error) {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return
		}
		failed = true
		m.log.WarnContext(ctx, "fetch failed", "messaging.destination.partition.id", partition, "error", err)
	})
	fetches.EachRecord(func(r *kgo.Record) {
		l := m.lanes[r.Partition]
		if l == nil {
			l = &lane{}
			m.lanes[r.Partition] = l
		}
		l.records = append(l.records, r)
	})
	return failed
}

// wait returns how long a poll may take. Not bounded: there is nothing else to do.
func (m *member) wait() (wait time.Duration, bounded bool) {
	for _, l := range m.lanes {
		until := commitAgain
		switch {
		case len(l.records) > 0:
			until = time.Until(l.due)
		case l.handled == nil:
			continue
		}
		if !bounded || until < wait {
			wait, bounded = until, true
		}
	}
	return wait, bounded
}

// work handles what is in hand and due, several lanes at once. It stops early when the batch has taken its time or
// somebody waits for the member: what is left stays in hand.
func (m *member) work(ctx context.Context) {
	end := time.Now().Add(batchTime)
	slots := make(chan struct{}, m.client.cfg.Concurrency)
	var all sync.WaitGroup
	defer all.Wait()
	started := 0
	for _, l := range m.lanes {
		if len(l.records) == 0 || l.due.After(time.Now()) {
			continue
		}
		slots <- struct{}{}
		if started > 0 && m.isHurried(end) {
			return
		}
		started++
		all.Go(func() {
			defer func() { <-slots }()
			m.follow(ctx, l, end)
		})
	}
}

// follow handles the records of a lane until one has to wait. The first is handled in any case.
func (m *member) follow(ctx context.Context, l *lane, end time.Time) {
	for len(l.records) > 0 && ctx.Err() == nil {
		first := l.records[0]
		// The end of a transaction is no event: there is nothing to handle, but its offset is committed.
		if !first.Attrs.IsControl() && !m.settle(ctx, l, first) {
			return
		}
		l.handled, l.records = first, l.records[1:]
		l.tries, l.failures, l.due = 0, 0, time.Time{}
		if m.isHurried(end) {
			return
		}
	}
}

// isHurried reports whether to stop after the record that is being handled.
func (m *member) isHurried(end time.Time) bool {
	return m.hurry.Load() || m.isDraining() || time.Now().After(end)
}

// commit says how far the lanes are. What it cannot say it says in a later round.
func (m *member) commit(ctx context.Context) {
	var handled []*kgo.Record
	for _, l := range m.lanes {
		if l.handled != nil {
			handled = append(handled, l.handled)
		}
	}
	if len(handled) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), m.client.cfg.RequestTimeout)
	defer cancel()
	if err := m.connection.CommitRecords(ctx, handled...); err != nil {
		m.log.WarnContext(ctx, "commit failed: its records may come again", "error", err)
		return
	}
	for _, l := range m.lanes {
		l.handled = nil
	}
}

// pauseAndResume lets the connection fetch what has an empty lane, and nothing else.
func (m *member) pauseAndResume() {
	var pause, resume []int32
	waiting := 0
	for partition, l := range m.lanes {
		switch {
		case len(l.records) > 0 && !l.paused:
			pause = append(pause, partition)
			l.paused = true
		case len(l.records) == 0 && l.paused:
			resume = append(resume, partition)
			l.paused = false
		}
		if len(l.records) == 0 && l.handled == nil {
			delete(m.lanes, partition)
		}
		if l.tries > 0 {
			waiting++
		}
	}
	m.measured.waiting.Set(float64(waiting))
	if len(pause) > 0 {
		m.connection.PauseFetchPartitions(map[string][]int32{m.topic: pause})
	}
	if len(resume) > 0 {
		m.connection.ResumeFetchPartitions(map[string][]int32{m.topic: resume})
	}
}

// lose drops what is in hand of partitions that others have now.
func (m *member) lose(_ context.Context, connection *kgo.Client, lost map[string][]int32) {
	for _, partition := range lost[m.topic] {
		delete(m.lanes, partition)
	}
	connection.ResumeFetchPartitions(lost)
}

// rest waits. It reports false when ctx ended first.
func rest(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
