package auth

import (
	"crypto/sha256"
	"sync"
	"time"
)

// digest stands for a token: what is in memory cannot be used as one.
type digest [sha256.Size]byte

// shortToken is how long a token may be that is hashed without an allocation.
const shortToken = 2 << 10

func digestOf(token string) digest {
	return sha256.Sum256(append(make([]byte, 0, shortToken), token...))
}

// cache remembers verified tokens, up to a number of them. Only tokens that were good get in, so nobody can fill it with
// what he made up.
type cache struct {
	limit int
	ttl   time.Duration

	mu      sync.RWMutex
	entries map[digest]entry
}

type entry struct {
	principal *Principal
	ends      time.Time
}

func newCache(limit int, ttl time.Duration) *cache {
	return &cache{limit: limit, ttl: ttl, entries: map[digest]entry{}}
}

// get returns whom the token speaks for, when that is remembered.
func (c *cache) get(token digest, now time.Time) (*Principal, bool) {
	c.mu.RLock()
	found, ok := c.entries[token]
	c.mu.RUnlock()
	if !ok || !now.Before(found.ends) {
		return nil, false
	}
	return found.principal, true
}

// put remembers a token until its end, and no longer than the limit.
func (c *cache) put(token digest, p *Principal, now time.Time) {
	if c.limit == 0 {
		return
	}
	ends := now.Add(c.ttl)
	if p.Expires.Before(ends) {
		ends = p.Expires
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.entries[token]; !known && len(c.entries) >= c.limit {
		c.makeRoom(now)
	}
	c.entries[token] = entry{principal: p, ends: ends}
}

// looks is how many entries are looked at to find one whose time is over.
const looks = 8

// makeRoom forgets what is over among a few entries, and any one when none is. Maps are walked from a random place.
func (c *cache) makeRoom(now time.Time) {
	looked := 0
	var last digest
	freed := false
	for token, e := range c.entries {
		if !now.Before(e.ends) {
			delete(c.entries, token)
			freed = true
		}
		last = token
		if looked++; looked == looks {
			break
		}
	}
	if !freed {
		delete(c.entries, last)
	}
}

// clear forgets everything.
func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.entries)
}

func (c *cache) size() int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.entries)
}
