package outbound

import "sync"

// mostSaved is how many retries can be saved up, and what a peer begins with: a peer that is called now and then may
// have its call repeated too.
const mostSaved = 10

// budget bounds the retries to a share of the calls.
type budget struct {
	share float64

	mu    sync.Mutex
	saved float64
}

func newBudget(share float64) *budget {
	b := &budget{share: share, saved: mostSaved}
	if share == 0 {
		b.saved = 0
	}
	return b
}

// earn is for each call: it may pay for a part of a retry.
func (b *budget) earn() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.saved = min(mostSaved, b.saved+b.share)
}

// spend pays for a retry. It reports false when there is not enough.
func (b *budget) spend() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.saved < 1 {
		return false
	}
	b.saved--
	return true
}
