package cache_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"create-service/templates/service/platform/redistest"
)

// way is a way to a server that can be cut, or held up.
type way struct {
	listener net.Listener
	server   string
	mu       sync.Mutex
	open     map[net.Conn]bool
	// isCut refuses connections, isFrozen lets nothing through.
	isCut, isFrozen atomic.Bool
	// delay is what each answer takes longer.
	delay atomic.Int64
}

// newWay returns a way to the server, which is not used before.
func newWay(t *testing.T, server string) *way {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &way{listener: listener, server: server, open: map[net.Conn]bool{}}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { w.carry(client) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		w.cut()
		w.isFrozen.Store(false)
		all.Wait()
	})
	return w
}

func (w *way) addr() string { return w.listener.Addr().String() }

func (w *way) carry(client net.Conn) {
	defer func() { _ = client.Close() }()
	if w.isCut.Load() {
		return
	}
	server, err := net.Dial("tcp", w.server)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	w.mu.Lock()
	w.open[client] = true
	w.mu.Unlock()
	go func() {
		_, _ = io.Copy(server, &held{client, w})
		_ = server.Close()
	}()
	_, _ = io.Copy(client, &held{server, w})
}

// held is one direction of a way.
type held struct {
	net.Conn
	way *way
}

func (h *held) Read(p []byte) (int, error) {
	n, err := h.Conn.Read(p)
	for h.way.isFrozen.Load() {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(time.Duration(h.way.delay.Load()))
	return n, err
}

// cut ends all connections and refuses new ones.
func (w *way) cut() {
	w.isCut.Store(true)
	w.mu.Lock()
	defer w.mu.Unlock()
	for client := range w.open {
		_ = client.Close()
		delete(w.open, client)
	}
}

// startVia returns a process whose way to Redis can be cut, and another whose way cannot.
func startVia(t *testing.T, environ ...string) (*process, *way, *process) {
	t.Helper()
	healthy := start(t)
	w := newWay(t, healthy.cfg.Addr)
	cfg := settings(t, append([]string{"CACHE_REDIS_ADDR=" + w.addr(), fmt.Sprintf("CACHE_REDIS_DB=%d", healthy.cfg.DB)}, environ...)...)
	return startWith(t, cfg), w, healthy
}

func (p *process) awaitUse(t testing.TB, used bool) {
	t.Helper()
	require.Eventually(t, func() bool { return (p.metric(t, "cache_breaker_state") == 0) == used }, 10*time.Second, time.Millisecond)
}

func TestAnOutageIsNoError(t *testing.T) {
	t.Parallel()
	p, w, _ := startVia(t)
	want := newItem("tea")
	s := newStore(want)
	p.get(t, s, want.ID)
	w.cut()
	for range 20 {
		require.Equal(t, want, p.get(t, s, want.ID))
	}
	require.NotZero(t, p.metric(t, "cache_requests_total", "error"))
	require.NotZero(t, p.metric(t, "cache_requests_total", "bypass"))
	require.EqualValues(t, 21, s.loads.Load())
	require.NotZero(t, p.metric(t, "db_client_operation_duration_seconds", "redis", "connection"))
	require.Error(t, p.Check(t.Context()))
	p.awaitUse(t, false)

	w.isCut.Store(false)
	p.awaitUse(t, true)
	p.get(t, s, want.ID)
	require.EqualValues(t, 21, s.loads.Load())
	require.Contains(t, p.log.String(), "the cache is not used until Redis answers in time again")
	require.Contains(t, p.log.String(), "the cache is used again")
}

// A server that accepts and never answers costs a caller no more than the configured time, and after the first failures
// nothing at all.
func TestAFrozenServerHoldsUpNobodyForLong(t *testing.T) {
	t.Parallel()
	p, w, _ := startVia(t, "CACHE_TIMEOUT=300ms", "CACHE_RETRY_INTERVAL=200ms")
	want := newItem("tea")
	s := newStore(want)
	p.get(t, s, want.ID)
	w.isFrozen.Store(true)
	for range 5 {
		began := time.Now()
		p.get(t, s, want.ID)
		require.Less(t, time.Since(began), 500*time.Millisecond)
	}
	p.awaitUse(t, false)
	began := time.Now()
	for range 200 {
		p.get(t, s, want.ID)
	}
	require.Less(t, time.Since(began), 250*time.Millisecond, "200 reads wait for nobody, not even for a probe")
	w.isFrozen.Store(false)
	p.awaitUse(t, true)
}

func TestASlowServerIsGivenUp(t *testing.T) {
	t.Parallel()
	p, w, _ := startVia(t, "CACHE_TIMEOUT=1s", "CACHE_SLOW_CALL=50ms")
	want := newItem("tea")
	s := newStore(want)
	p.get(t, s, want.ID)
	w.delay.Store(int64(60 * time.Millisecond))
	for range 5 {
		require.Equal(t, want, p.get(t, s, want.ID))
	}
	require.EqualValues(t, 1, s.loads.Load(), "what came late was used")
	p.awaitUse(t, false)
	w.delay.Store(0)
	p.awaitUse(t, true)
}

func TestACallerWhoGivesUpIsNoFailureOfTheServer(t *testing.T) {
	t.Parallel()
	p, w, _ := startVia(t)
	want := newItem("tea")
	s := newStore(want)
	p.get(t, s, want.ID)
	w.isFrozen.Store(true)
	for range 10 {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		_, err := p.items.Get(ctx, want.ID, s.load(want.ID))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		cancel()
	}
	w.isFrozen.Store(false)
	require.Zero(t, p.metric(t, "cache_breaker_state"))
	require.Zero(t, p.metric(t, "cache_requests_total", "error"))
}

// Redis is out of this process's reach while a value is changed, and keeps the old copy.
func TestAnInvalidationThatFailsIsRepeated(t *testing.T) {
	t.Parallel()
	for name, isNoticed := range map[string]bool{"the first sign": false, "when it was given up": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, w, other := startVia(t)
			i, bystander := newItem("old"), newItem("other")
			s := newStore(i, bystander)
			p.get(t, s, i.ID)
			w.cut()
			for isNoticed && p.metric(t, "cache_breaker_state") == 0 {
				p.get(t, s, bystander.ID)
			}
			i.Name = "new"
			s.put(i)
			p.items.Invalidate(t.Context(), i.ID)
			require.Equal(t, 1, p.metric(t, "cache_invalidations_total", "postponed"))
			require.Equal(t, 1, p.metric(t, "cache_invalidations_pending"))
			require.Equal(t, "new", p.get(t, s, i.ID).Name, "who changed it does not see the old one")

			w.isCut.Store(false)
			require.Eventually(t, func() bool { return p.metric(t, "cache_invalidations_pending") == 0 }, 10*time.Second, time.Millisecond)
			require.Equal(t, "new", other.get(t, s, i.ID).Name)
			require.Equal(t, "new", p.get(t, s, i.ID).Name)
		})
	}
}

func TestMoreFailedInvalidationsThanAreRemembered(t *testing.T) {
	t.Parallel()
	p, w, _ := startVia(t)
	i := newItem("old")
	s := newStore(i)
	p.get(t, s, i.ID)
	w.cut()
	for range 10_000 {
		p.items.Invalidate(t.Context(), uuid.New())
	}
	i.Name = "new"
	s.put(i)
	p.items.Invalidate(t.Context(), i.ID)
	w.isCut.Store(false)
	require.Eventually(t, func() bool { return p.metric(t, "cache_invalidations_pending") == 1 }, 10*time.Second, time.Millisecond)
	p.awaitUse(t, true)
	require.Equal(t, "new", p.get(t, s, i.ID).Name, "its copy is still there, and not used")
}

func TestCloseRepeatsWhatIsLeft(t *testing.T) {
	noLeaks(t)
	db := redistest.Open(t)
	healthy := startWith(t, settings(t, db.Environment("CACHE")...))
	w := newWay(t, db.Addr)
	cfg := settings(t, "CACHE_REDIS_ADDR="+w.addr(), fmt.Sprintf("CACHE_REDIS_DB=%d", db.Number), "CACHE_RETRY_INTERVAL=1m")
	p := startWith(t, cfg)
	i := newItem("old")
	s := newStore(i)
	p.get(t, s, i.ID)
	w.cut()
	i.Name = "new"
	s.put(i)
	p.items.Invalidate(t.Context(), i.ID)
	w.isCut.Store(false)
	p.stop(t)
	require.Equal(t, "new", healthy.get(t, s, i.ID).Name)
}
