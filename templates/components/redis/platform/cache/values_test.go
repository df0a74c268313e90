package cache_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"create-service/templates/components/redis/platform/cache"
)

func TestGetLoadsOnce(t *testing.T) {
	t.Parallel()
	p, want := start(t), newItem("tea")
	s := newStore(want)
	for range 3 {
		require.Equal(t, want, p.get(t, s, want.ID))
	}
	require.EqualValues(t, 1, s.loads.Load())
	p.wantOutcomes(t, map[string]int{"miss": 1, "hit": 2})
	require.Equal(t, 1, p.metric(t, "cache_load_duration_seconds", "item"))
	key, _ := p.only(t)
	require.Equal(t, "shop:item:1:"+want.ID.String(), key)
	ttl := p.redis.PTTL(t.Context(), key).Val()
	require.LessOrEqual(t, ttl, time.Minute)
	require.Greater(t, ttl, 47*time.Second)
}

func TestTimesToLiveDiffer(t *testing.T) {
	t.Parallel()
	p, s := start(t), newStore()
	seen := map[time.Duration]bool{}
	for range 20 {
		i := newItem("tea")
		s.put(i)
		p.get(t, s, i.ID)
	}
	keys := p.redis.Keys(t.Context(), "*").Val()
	for _, key := range keys {
		seen[p.redis.PTTL(t.Context(), key).Val().Round(100*time.Millisecond)] = true
	}
	require.Len(t, keys, 20)
	require.Greater(t, len(seen), 10)
}

func TestACopyLapses(t *testing.T) {
	t.Parallel()
	p, want := start(t), newItem("tea")
	s := newStore(want)
	brief := cache.New[item](p.Client, cache.Spec{Name: "brief", TTL: 100 * time.Millisecond, Absent: errNoItem})
	get := func() {
		_, err := brief.Get(t.Context(), want.ID, s.load(want.ID))
		require.NoError(t, err)
	}
	get()
	time.Sleep(300 * time.Millisecond)
	get()
	require.EqualValues(t, 2, s.loads.Load())
}

func TestAbsenceIsKept(t *testing.T) {
	t.Parallel()
	p, i := start(t), newItem("tea")
	s := newStore()
	for range 2 {
		_, err := p.items.Get(t.Context(), i.ID, s.load(i.ID))
		require.ErrorIs(t, err, errNoItem)
	}
	require.EqualValues(t, 1, s.loads.Load())
	p.wantOutcomes(t, map[string]int{"miss": 1, "absent": 1})
	key, _ := p.only(t)
	require.LessOrEqual(t, p.redis.PTTL(t.Context(), key).Val(), p.cfg.AbsentTTL)

	s.put(i)
	p.items.Invalidate(t.Context(), i.ID)
	require.Equal(t, i, p.get(t, s, i.ID))
}

func TestAFailedLoadIsNotKept(t *testing.T) {
	t.Parallel()
	p, want := start(t), newItem("tea")
	s := newStore(want)
	failure := errors.New("the store is away")
	_, err := p.items.Get(t.Context(), want.ID, func(context.Context) (item, error) { return item{}, failure })
	require.ErrorIs(t, err, failure)
	require.Empty(t, p.redis.Keys(t.Context(), "*").Val(), "the lease is given back")
	p.get(t, s, want.ID)
	p.get(t, s, want.ID)
	require.EqualValues(t, 1, s.loads.Load())
}

func TestAPanicInALoadIsAnError(t *testing.T) {
	t.Parallel()
	p := start(t)
	_, err := p.items.Get(t.Context(), uuid.New(), func(context.Context) (item, error) { panic("oh") })
	require.ErrorContains(t, err, "oh")
}

func TestInvalidate(t *testing.T) {
	t.Parallel()
	p, i := start(t), newItem("tea")
	other, s := startWith(t, p.cfg), newStore(i)
	p.get(t, s, i.ID)
	other.get(t, s, i.ID)
	i.Name = "coffee"
	s.put(i)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	p.items.Invalidate(ended, i.ID)
	require.Equal(t, "coffee", other.get(t, s, i.ID).Name)
	require.Equal(t, "coffee", p.get(t, s, i.ID).Name)
	require.Equal(t, 1, p.metric(t, "cache_invalidations_total", "done"))
}

// A reader loads the old value; the value is changed and invalidated; the reader goes on. What it has loaded must not be
// found by anybody afterwards.
func TestALateReaderKeepsNothing(t *testing.T) {
	t.Parallel()
	for name, loaded := range map[string]bool{"an old value": true, "an absence": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, old := start(t), newItem("old")
			s := newStore()
			if loaded {
				s.put(old)
			}
			inLoad, goOn := make(chan struct{}), make(chan struct{})
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				_, _ = p.items.Get(t.Context(), old.ID, func(ctx context.Context) (item, error) {
					i, err := s.load(old.ID)(ctx)
					close(inLoad)
					<-goOn
					return i, err
				})
			}()
			<-inLoad
			changed := old
			changed.Name = "new"
			s.put(changed)
			p.items.Invalidate(t.Context(), old.ID)
			close(goOn)
			<-ended
			require.Equal(t, "new", p.get(t, s, old.ID).Name)
			require.Equal(t, "new", p.get(t, s, old.ID).Name)
			p.wantOutcomes(t, map[string]int{"miss": 2, "hit": 1})
		})
	}
}

// Who has changed a value sees the change, also when others are still waiting for a load that began before it.
func TestAReaderAfterAnInvalidationJoinsNoEarlierLoad(t *testing.T) {
	t.Parallel()
	p, old := start(t), newItem("old")
	s := newStore(old)
	inLoad, goOn := make(chan struct{}), make(chan struct{})
	var early sync.WaitGroup
	early.Go(func() {
		got, err := p.items.Get(t.Context(), old.ID, func(context.Context) (item, error) {
			close(inLoad)
			<-goOn
			return old, nil
		})
		if err != nil || got.Name != "old" {
			t.Errorf("the early reader got %q, %v", got.Name, err)
		}
	})
	<-inLoad
	changed := old
	changed.Name = "new"
	s.put(changed)
	p.items.Invalidate(t.Context(), old.ID)
	require.Equal(t, "new", p.get(t, s, old.ID).Name)
	close(goOn)
	early.Wait()
}

func TestAMissIsLoadedOnceForAll(t *testing.T) {
	t.Parallel()
	p, want := start(t), newItem("tea")
	note := "hot"
	want.Note = &note
	s := newStore(want)
	const readers = 100
	var all sync.WaitGroup
	results := make([]item, readers)
	for n := range readers {
		all.Go(func() {
			results[n], _ = p.items.Get(t.Context(), want.ID, func(ctx context.Context) (item, error) {
				time.Sleep(200 * time.Millisecond)
				return s.load(want.ID)(ctx)
			})
		})
	}
	all.Wait()
	require.EqualValues(t, 1, s.loads.Load())
	pointers := map[*string]bool{}
	for _, got := range results {
		require.Equal(t, want, got)
		pointers[got.Note] = true
	}
	require.Len(t, pointers, readers, "nobody can change what another has got")
}

func TestWhoGivesUpFailsNobodyElse(t *testing.T) {
	t.Parallel()
	p, want := start(t), newItem("tea")
	inLoad, goOn := make(chan struct{}), make(chan struct{})
	load := func(ctx context.Context) (item, error) {
		close(inLoad)
		<-goOn
		return want, ctx.Err()
	}
	impatient, cancel := context.WithCancel(t.Context())
	gaveUp := make(chan error)
	go func() {
		_, err := p.items.Get(impatient, want.ID, load)
		gaveUp <- err
	}()
	<-inLoad
	got := make(chan item)
	go func() {
		i, err := p.items.Get(t.Context(), want.ID, load)
		if err != nil {
			t.Errorf("the patient reader: %v", err)
		}
		got <- i
	}()
	require.Eventually(t, func() bool { return p.metric(t, "cache_requests_total", "miss") == 2 }, 5*time.Second, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-gaveUp, context.Canceled)
	close(goOn)
	require.Equal(t, want, <-got)
	require.Zero(t, p.metric(t, "cache_requests_total", "error"))
}

// Another process is loading the value, or died over it: the store is asked, and nothing is kept.
func TestALeaseOfAnotherProcess(t *testing.T) {
	t.Parallel()
	p, want := start(t), newItem("tea")
	other, s := startWith(t, p.cfg), newStore(want)
	inLoad, goOn := make(chan struct{}), make(chan struct{})
	var slow sync.WaitGroup
	slow.Go(func() {
		_, err := other.items.Get(t.Context(), want.ID, func(context.Context) (item, error) {
			close(inLoad)
			<-goOn
			return want, nil
		})
		if err != nil {
			t.Errorf("Get: %v", err)
		}
	})
	<-inLoad
	p.get(t, s, want.ID)
	p.get(t, s, want.ID)
	require.EqualValues(t, 2, s.loads.Load())
	_, entry := p.only(t)
	require.True(t, strings.HasPrefix(entry, "l"), "it is the other's lease")
	close(goOn)
	slow.Wait()
	p.get(t, s, want.ID)
	require.EqualValues(t, 2, s.loads.Load())
	p.wantOutcomes(t, map[string]int{"miss": 2, "hit": 1})
}

// otherItem is the item of another version of the service.
type otherItem struct {
	ID   uuid.UUID
	Name string
	Size int32
}

// Two versions of a service run at the same time: neither reads what the other has kept, and each invalidates it.
func TestVersionsOfAType(t *testing.T) {
	t.Parallel()
	p, i := start(t), newItem("tea")
	s := newStore(i)
	others := cache.New[otherItem](p.Client, cache.Spec{Name: "item", TTL: time.Minute, Absent: errNoItem})
	loads := 0
	other := func() otherItem {
		got, err := others.Get(t.Context(), i.ID, func(context.Context) (otherItem, error) {
			loads++
			return otherItem{ID: i.ID, Name: s.items[i.ID].Name, Size: 7}, nil
		})
		require.NoError(t, err)
		return got
	}
	require.Equal(t, i, p.get(t, s, i.ID))
	require.Equal(t, otherItem{ID: i.ID, Name: "tea", Size: 7}, other())
	require.Equal(t, 1, loads)
	require.Equal(t, i, p.get(t, s, i.ID))
	require.EqualValues(t, 2, s.loads.Load())
	key, _ := p.only(t)
	require.Equal(t, "shop:item:1:"+i.ID.String(), key)

	other()
	i.Name = "coffee"
	s.put(i)
	p.items.Invalidate(t.Context(), i.ID)
	require.Equal(t, "coffee", other().Name)
}

func TestAnEntryThatCannotBeReadIsReplaced(t *testing.T) {
	t.Parallel()
	p, want := start(t), newItem("tea")
	s := newStore(want)
	p.get(t, s, want.ID)
	key, entry := p.only(t)
	for name, damaged := range map[string]string{"empty": "", "cut": entry[:len(entry)-3], "unknown": "z", "head alone": entry[:9]} {
		require.NoError(t, p.redis.Set(t.Context(), key, damaged, 0).Err())
		require.Equal(t, want, p.get(t, s, want.ID), name)
	}
}

func TestSpansHoldNoKeysAndNoValues(t *testing.T) {
	t.Parallel()
	p, i := start(t), newItem("jane@example.com")
	p.get(t, newStore(i), i.ID)
	p.items.Invalidate(t.Context(), i.ID)
	names := []string{}
	for _, span := range p.spans.Ended() {
		names = append(names, span.Name())
		for _, attribute := range span.Attributes() {
			require.NotContains(t, attribute.Value.String(), i.ID.String())
			require.NotContains(t, attribute.Value.String(), "jane")
		}
	}
	require.Equal(t, []string{"GET", "EVALSHA", "EVALSHA", "DEL"}, names)
	require.Equal(t, 4, p.metric(t, "db_client_operation_duration_seconds", "redis", ""))
}

func BenchmarkGet(b *testing.B) {
	i := newItem("tea")
	s := newStore(i)
	b.Run("hit", func(b *testing.B) {
		p := start(b)
		b.ReportAllocs()
		for b.Loop() {
			p.get(b, s, i.ID)
		}
	})
	b.Run("miss", func(b *testing.B) {
		p := start(b)
		b.ReportAllocs()
		for b.Loop() {
			p.get(b, s, i.ID)
			require.NoError(b, p.redis.FlushDB(b.Context()).Err())
		}
	})
	b.Run("bypass", func(b *testing.B) {
		p := startWith(b, settings(b, "CACHE_REDIS_ADDR=127.0.0.1:1", "CACHE_RETRY_INTERVAL=1m"))
		for range 10 {
			p.get(b, s, i.ID)
		}
		b.ReportAllocs()
		for b.Loop() {
			p.get(b, s, i.ID)
		}
	})
}
