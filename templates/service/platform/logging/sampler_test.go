package logging_test

import (
	"testing"
	"time"

	"create-service/templates/service/platform/logging"
)

func TestSampler(t *testing.T) {
	sampler := logging.NewSampler(50)
	kept := func(lines int, now time.Time) int {
		n := 0
		for range lines {
			if sampler.Keep(now) {
				n++
			}
		}
		return n
	}
	start := time.Unix(1_700_000_000, 0)
	if got := kept(250, start); got != 50+2 {
		t.Errorf("%d of 250 lines are kept, want 52", got)
	}
	if got := kept(51, start.Add(time.Second)); got != 50 {
		t.Errorf("in the next second %d of 51 lines are kept, want 50", got)
	}
}

func TestSamplerWithoutRate(t *testing.T) {
	sampler := logging.NewSampler(0)
	for i := range 99 {
		if sampler.Keep(time.Unix(1, 0)) {
			t.Errorf("line %d is kept", i+1)
		}
	}
	if !sampler.Keep(time.Unix(1, 0)) {
		t.Error("the hundredth line is not kept")
	}
}
