package cache_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.uber.org/goleak"

	"create-service/templates/components/redis/platform/cache"
	"create-service/templates/service/kernel/date"
	"create-service/templates/service/platform/config"
	"create-service/templates/service/platform/redistest"
)

// The tests take the server of TEST_REDIS_ADDR, else one in this process.
func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if os.Getenv("TEST_REDIS_ADDR") == "" {
		server, err := miniredis.Run()
		if err != nil {
			panic(err)
		}
		defer server.Close()
		go func() {
			// Its keys expire by this clock alone.
			for range time.Tick(10 * time.Millisecond) {
				server.FastForward(10 * time.Millisecond)
			}
		}()
		if err := os.Setenv("TEST_REDIS_ADDR", server.Addr()); err != nil {
			panic(err)
		}
	}
	return m.Run()
}

// item is a value of every kind that aggregates have.
type item struct {
	ID      uuid.UUID
	Name    string
	Note    *string
	Count   int64
	Share   float64
	Price   decimal.Decimal
	Fee     *decimal.Decimal
	Day     date.Date
	At      time.Time
	Until   *time.Time
	Is      bool
	Extra   json.RawMessage
	Version int64
}

// process is one process of a service, with a cache of items and all that it reports to.
type process struct {
	*cache.Client
	items    *cache.Values[item]
	cfg      cache.Config
	redis    *redis.Client
	registry *prometheus.Registry
	spans    *tracetest.SpanRecorder
	log      *buffer
	once     sync.Once
}

var errNoItem = errors.New("there is no such item")

func settings(t testing.TB, environ ...string) cache.Config {
	t.Helper()
	var loaded struct{ Cache cache.Config }
	require.NoError(t, config.Load(&loaded, append([]string{"CACHE_RETRY_INTERVAL=20ms"}, environ...)))
	return loaded.Cache
}

// start returns a process with a database of its own.
func start(t testing.TB, environ ...string) *process {
	t.Helper()
	return startWith(t, settings(t, append(redistest.Open(t).Environment("CACHE"), environ...)...))
}

// startWith returns a further process, such as another replica.
func startWith(t testing.TB, cfg cache.Config) *process {
	t.Helper()
	p := &process{cfg: cfg, registry: prometheus.NewRegistry(), spans: tracetest.NewSpanRecorder(), log: &buffer{}}
	var err error
	p.Client, err = cache.Open(t.Context(), cfg, cache.Deps{
		Service:  "shop",
		Registry: p.registry,
		Tracing:  sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(p.spans)),
		Log:      slog.New(slog.NewJSONHandler(p.log, nil)),
	})
	require.NoError(t, err)
	p.items = cache.New[item](p.Client, cache.Spec{Name: "item", TTL: time.Minute, Absent: errNoItem})
	p.redis = redis.NewClient(&redis.Options{Addr: cfg.Addr, DB: cfg.DB})
	t.Cleanup(func() {
		require.NoError(t, p.redis.Close())
		p.stop(t)
	})
	return p
}

// stop ends the process.
func (p *process) stop(t testing.TB) {
	t.Helper()
	p.once.Do(func() { require.NoError(t, p.Close(context.WithoutCancel(t.Context()))) })
}

// only returns the single key of the process's database, and what is under it.
func (p *process) only(t testing.TB) (key, entry string) {
	t.Helper()
	keys, err := p.redis.Keys(t.Context(), "*").Result()
	require.NoError(t, err)
	require.Len(t, keys, 1)
	entry, err = p.redis.Get(t.Context(), keys[0]).Result()
	require.NoError(t, err)
	return keys[0], entry
}

// store is where items are kept.
type store struct {
	mu    sync.Mutex
	items map[uuid.UUID]item
	loads atomic.Int64
}

func newStore(items ...item) *store {
	s := &store{items: map[uuid.UUID]item{}}
	for _, i := range items {
		s.put(i)
	}
	return s
}

func (s *store) put(i item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.items[i.ID] = i
}

// load returns what loads the item with that id.
func (s *store) load(id uuid.UUID) func(context.Context) (item, error) {
	return func(ctx context.Context) (item, error) {
		s.loads.Add(1)
		s.mu.Lock()
		defer s.mu.Unlock()
		if i, found := s.items[id]; found {
			return i, ctx.Err()
		}
		return item{}, errNoItem
	}
}

// get reads an item through the cache of the process.
func (p *process) get(t testing.TB, s *store, id uuid.UUID) item {
	t.Helper()
	got, err := p.items.Get(t.Context(), id, s.load(id))
	require.NoError(t, err)
	return got
}

func newItem(name string) item {
	return item{
		ID: uuid.Must(uuid.NewV7()), Name: name, Price: decimal.RequireFromString("12.50"),
		At: time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.UTC), Version: 1,
	}
}

// metric returns the value of a counter or gauge, or the count of a histogram, with the given label values.
func (p *process) metric(t testing.TB, name string, labels ...string) int {
	t.Helper()
	families, err := p.registry.Gather()
	require.NoError(t, err)
	total := 0
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, m := range family.GetMetric() {
			values := map[string]bool{}
			for _, label := range m.GetLabel() {
				values[label.GetValue()] = true
			}
			fits := true
			for _, label := range labels {
				fits = fits && values[label]
			}
			if fits {
				total += int(m.GetCounter().GetValue()+m.GetGauge().GetValue()) + int(m.GetHistogram().GetSampleCount())
			}
		}
	}
	return total
}

func (p *process) wantOutcomes(t testing.TB, want map[string]int) {
	t.Helper()
	got := map[string]int{}
	for _, outcome := range []string{"hit", "absent", "miss", "error", "bypass"} {
		if n := p.metric(t, "cache_requests_total", outcome); n > 0 {
			got[outcome] = n
		}
	}
	require.Equal(t, want, got)
}

// noLeaks fails the test when goroutines are left after it.
func noLeaks(t *testing.T) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
}

// buffer collects a log.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
