// Package jitter spreads what would come together again and again.
package jitter

import (
	"context"
	"crypto/rand"
	"math/big"
	"time"
)

// Pause waits a random part of longest ("full jitter", so that those who collided do not do so again). It reports false
// when ctx ended first.
func Pause(ctx context.Context, longest time.Duration) bool {
	part, err := rand.Int(rand.Reader, big.NewInt(int64(longest)))
	if err != nil {
		return false
	}
	timer := time.NewTimer(time.Duration(part.Int64()))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
