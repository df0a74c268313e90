package outbound

import (
	"crypto/rand"
	"encoding/binary"
	"time"
)

// jitter returns a random time from zero to below limit, so that callers that failed together do not come back together.
func jitter(limit time.Duration) time.Duration {
	if limit <= 0 {
		return 0
	}
	var random [8]byte
	// It never fails; the program ends when the system has no randomness.
	_, _ = rand.Read(random[:])
	return time.Duration(binary.LittleEndian.Uint64(random[:]) % uint64(limit))
}
