package logging

import (
	"sync"
	"time"
)

// oneIn is the share of lines over the rate that is still written: 1 %.
const oneIn = 100

// Sampler lets the first lines of each second through, and then every hundredth. It is for lines of which one tells as
// much as the next, such as those of successful requests.
type Sampler struct {
	rate int64

	mu     sync.Mutex
	second int64
	seen   int64
}

// NewSampler returns a sampler that lets rate lines a second through.
func NewSampler(rate int64) *Sampler {
	return &Sampler{rate: rate}
}

// Keep reports whether the line of this moment is to be written.
func (s *Sampler) Keep(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if second := now.Unix(); second != s.second {
		s.second, s.seen = second, 0
	}
	s.seen++
	return s.seen <= s.rate || (s.seen-s.rate)%oneIn == 0
}
