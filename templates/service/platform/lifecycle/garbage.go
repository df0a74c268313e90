package lifecycle

import "runtime/debug"

const (
	// usualGarbage is Go's own setting: a collection when the heap has doubled.
	usualGarbage = 100
	// allowedGarbage is that of a service. What it keeps is a few MiB, so it would collect dozens of times a second and
	// spend a tenth of its time on it. What bounds the memory is GOMEMLIMIT, near which Go collects whatever this says.
	allowedGarbage = 400
)

// collectLess lets more garbage gather between two collections, unless GOGC says otherwise.
func collectLess() {
	if previous := debug.SetGCPercent(allowedGarbage); previous != usualGarbage {
		debug.SetGCPercent(previous)
	}
}
