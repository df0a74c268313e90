package cache

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// mostUnsettled is how many invalidations are remembered one by one, about 1 MiB. Beyond it nothing is read from the
	// cache until the oldest copy has lapsed.
	mostUnsettled = 10_000
	// batch is how many are repeated in one command.
	batch = 500
)

// unsettled is the invalidations that have not reached Redis. Who is in here is not read from the cache.
type unsettled struct {
	// size is that of keys, or 1 while all keys count: most of the time it is zero, and reading it costs nothing.
	size atomic.Int64

	mu   sync.Mutex
	keys map[string]invalidation
	// allUntil is when the last copy lapses of those whose invalidations are not remembered one by one.
	allUntil time.Time
	// next is the number of the next invalidation.
	next uint64
}

// invalidation is one that is to be repeated.
type invalidation struct {
	number uint64
	// until is when the copy has lapsed by itself.
	until time.Time
}

func newUnsettled() *unsettled { return &unsettled{keys: map[string]invalidation{}} }

// has reports whether the copy under the key may be an old one.
func (u *unsettled) has(key string) bool {
	if u.size.Load() == 0 {
		return false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	_, found := u.keys[key]
	return found || !u.allUntil.IsZero()
}

// add remembers an invalidation until its copy has lapsed.
func (u *unsettled) add(key string, until time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.next++
	if _, found := u.keys[key]; found || len(u.keys) < mostUnsettled {
		u.keys[key] = invalidation{number: u.next, until: until}
	} else if until.After(u.allUntil) {
		u.allUntil = until
	}
	u.count()
}

// due returns some that are to be repeated, after forgetting those whose copies have lapsed.
func (u *unsettled) due(now time.Time) map[string]invalidation {
	u.mu.Lock()
	defer u.mu.Unlock()
	if now.After(u.allUntil) {
		u.allUntil = time.Time{}
	}
	some := map[string]invalidation{}
	for key, i := range u.keys {
		switch {
		case now.After(i.until):
			delete(u.keys, key)
		case len(some) < batch:
			some[key] = i
		}
	}
	u.count()
	return some
}

// settle forgets what has been repeated, except where the same key was invalidated once more meanwhile.
func (u *unsettled) settle(done map[string]invalidation) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for key, i := range done {
		if u.keys[key] == i {
			delete(u.keys, key)
		}
	}
	u.count()
}

func (u *unsettled) count() {
	size := len(u.keys)
	if !u.allUntil.IsZero() {
		size++
	}
	u.size.Store(int64(size))
}

// settle repeats invalidations until none is left, or one fails.
func (c *Client) settle(ctx context.Context) {
	for {
		due := c.unsettled.due(time.Now())
		if len(due) == 0 {
			return
		}
		keys := make([]string, 0, len(due))
		for key := range due {
			keys = append(keys, key)
		}
		left := c.cfg.Timeout
		if err := c.remove(ctx, &left, keys...); err != nil {
			return
		}
		c.unsettled.settle(due)
	}
}
