//go:build !race

package httpserver_test

const raceDetector = false
