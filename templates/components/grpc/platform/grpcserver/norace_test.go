//go:build !race

package grpcserver_test

const raceDetector = false
