//go:build race

package auth_test

// raceDetector is on: it makes sync.Pool forget at random, so allocations mean nothing.
const raceDetector = true
