package lifecycle

import (
	"runtime/debug"
	"testing"
)

func TestGOGCIsRespected(t *testing.T) {
	before := debug.SetGCPercent(usualGarbage)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	for set, want := range map[int]int{usualGarbage: allowedGarbage, 50: 50, -1: -1} {
		debug.SetGCPercent(set)
		collectLess()
		if got := debug.SetGCPercent(usualGarbage); got != want {
			t.Errorf("GOGC=%d became %d, want %d", set, got, want)
		}
	}
}
