//go:build race

package httpserver_test

// raceDetector is on: it makes sync.Pool forget at random, so allocations and times mean nothing.
const raceDetector = true
