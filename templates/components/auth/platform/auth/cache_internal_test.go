package auth

import (
	"strconv"
	"testing"
	"time"
)

func TestCacheEnds(t *testing.T) {
	now := time.Now()
	c := newCache(10, 5*time.Minute)
	long, short := &Principal{Expires: now.Add(time.Hour)}, &Principal{Expires: now.Add(time.Minute)}
	c.put(digestOf("long"), long, now)
	c.put(digestOf("short"), short, now)
	for _, tt := range []struct {
		token string
		after time.Duration
		want  *Principal
	}{
		{"long", 5*time.Minute - 1, long},
		{"long", 5 * time.Minute, nil},
		{"short", time.Minute - 1, short},
		{"short", time.Minute, nil},
		{"other", 0, nil},
	} {
		if got, _ := c.get(digestOf(tt.token), now.Add(tt.after)); got != tt.want {
			t.Errorf("%s after %v: %v, want %v", tt.token, tt.after, got, tt.want)
		}
	}
	c.clear()
	if _, found := c.get(digestOf("long"), now); found || c.size() != 0 {
		t.Error("something is remembered after clear")
	}
}

func TestCacheIsBounded(t *testing.T) {
	const limit = 100
	now := time.Now()
	c := newCache(limit, time.Minute)
	for i := range 10 * limit {
		c.put(digestOf(strconv.Itoa(i)), &Principal{Expires: now.Add(time.Hour)}, now)
		if c.size() > limit {
			t.Fatalf("%d tokens are remembered, want at most %d", c.size(), limit)
		}
	}
	if c.size() != limit {
		t.Errorf("%d tokens are remembered, want %d", c.size(), limit)
	}
	last := digestOf(strconv.Itoa(10*limit - 1))
	if _, found := c.get(last, now); !found {
		t.Error("the last token was forgotten")
	}
	c.put(last, &Principal{Expires: now.Add(time.Hour)}, now)
	if c.size() != limit {
		t.Errorf("the same token again: %d, want %d", c.size(), limit)
	}
}

// TestCacheForgetsWhatIsOver before what is not.
func TestCacheForgetsWhatIsOver(t *testing.T) {
	now := time.Now()
	c := newCache(looks, time.Minute)
	c.put(digestOf("over"), &Principal{Expires: now}, now)
	for i := range looks {
		c.put(digestOf(strconv.Itoa(i)), &Principal{Expires: now.Add(time.Hour)}, now)
	}
	for i := range looks {
		if _, found := c.get(digestOf(strconv.Itoa(i)), now); !found {
			t.Errorf("token %d was forgotten, and one whose time was over was not", i)
		}
	}
}

func TestNoCache(t *testing.T) {
	c := newCache(0, time.Minute)
	c.put(digestOf("token"), &Principal{Expires: time.Now().Add(time.Hour)}, time.Now())
	if c.size() != 0 {
		t.Error("a cache of no size remembers")
	}
}
