package httpserver

import (
	"sync"
	"time"
)

// oneIn is the share of requests over the rate that is still logged: 1 %.
const oneIn = 100

// sampler lets the first requests of each second through, and then every hundredth.
type sampler struct {
	rate int64

	mu     sync.Mutex
	second int64
	seen   int64
}

func (s *sampler) keep(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if second := now.Unix(); second != s.second {
		s.second, s.seen = second, 0
	}
	s.seen++
	return s.seen <= s.rate || (s.seen-s.rate)%oneIn == 0
}
