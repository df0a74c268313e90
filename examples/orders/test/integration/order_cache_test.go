package integration_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/acme/orders/internal/fault"
	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/order/ordertest"
	"github.com/acme/orders/internal/platform/cache"
	"github.com/acme/orders/internal/platform/config"
	"github.com/acme/orders/internal/platform/redistest"
	"github.com/acme/orders/internal/store"
)

// countingOrders is a store that counts what it is asked for.
type countingOrders struct {
	*ordertest.Store
	gets int
}

func (c *countingOrders) Get(ctx context.Context, id uuid.UUID) (order.Order, error) {
	c.gets++
	return c.Store.Get(ctx, id)
}

// cachedOrders returns a store behind a cache, and the two in one.
func cachedOrders(t testing.TB, orders ...order.Order) (*countingOrders, *store.OrderCache) {
	t.Helper()
	return cachedOrdersOn(t, redistest.Open(t).Environment("CACHE"), orders...)
}

func cachedOrdersOn(t testing.TB, environ []string, orders ...order.Order) (*countingOrders, *store.OrderCache) {
	t.Helper()
	var cfg cache.Config
	if err := config.Load(&cfg, environ); err != nil {
		t.Fatal(err)
	}
	client, err := cache.Open(t.Context(), cfg, cache.Deps{
		Service:  "orders",
		Registry: prometheus.NewRegistry(),
		Tracing:  noop.NewTracerProvider(),
		Log:      slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	inner := &countingOrders{Store: ordertest.NewStore(orders...)}
	return inner, store.NewOrderCache(inner, client)
}

var cachedOrderTime = time.Date(2026, time.January, 2, 3, 4, 5, 6000, time.UTC)

func TestCachedOrderIsWhatTheStoreHas(t *testing.T) {
	tests := map[string]order.Details{
		"every field":         ordertest.Details(),
		"the smallest values": ordertest.Smallest(),
		"the largest values":  ordertest.Largest(),
	}
	for name, details := range tests {
		t.Run(name, func(t *testing.T) {
			want := ordertest.FromDetails(details, cachedOrderTime)
			inner, both := cachedOrders(t, want)
			for range 3 {
				got, err := both.Get(t.Context(), want.ID)
				if err != nil {
					t.Fatalf("Get: %v", err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("order (-want +got):\n%s", diff)
				}
			}
			if inner.gets != 1 {
				t.Errorf("the store was asked %d times, want once", inner.gets)
			}
		})
	}
}

func TestCachedOrdersWithoutRedis(t *testing.T) {
	want := ordertest.Order(cachedOrderTime)
	_, both := cachedOrdersOn(t, []string{"CACHE_REDIS_ADDR=127.0.0.1:1"}, want)
	for range 20 {
		if _, err := both.Get(t.Context(), want.ID); err != nil {
			t.Fatalf("Get: %v", err)
		}
	}
}

func TestCreateEndsTheAbsenceOfOrder(t *testing.T) {
	o := ordertest.Order(cachedOrderTime)
	inner, both := cachedOrders(t)
	for range 2 {
		if _, err := both.Get(t.Context(), o.ID); !errors.Is(err, order.ErrNotFound) {
			t.Fatalf("Get: %v, want %v", err, order.ErrNotFound)
		}
	}
	if inner.gets != 1 {
		t.Errorf("the store was asked %d times, want once", inner.gets)
	}
	if _, err := both.Create(t.Context(), o, message.Unit{}); err != nil {
		t.Fatalf("Create: %v", err)
	}
	if _, err := both.Get(t.Context(), o.ID); err != nil {
		t.Errorf("Get: %v", err)
	}
}

func TestUpdateReplacesTheCopyOfOrder(t *testing.T) {
	o := ordertest.Order(cachedOrderTime)
	inner, both := cachedOrders(t, o)
	want := wantVersionOrder(t, both, o.ID, 1)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	// The caller has gone when the change is committed.
	if _, err := both.Update(ended, o.ID, message.Unit{}, func(o *order.Order) ([]message.Message, error) {
		o.Version++
		return nil, nil
	}); err != nil {
		t.Fatalf("Update: %v", err)
	}
	want.Version++
	if diff := cmp.Diff(want, wantVersionOrder(t, both, o.ID, 2)); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if inner.gets != 2 {
		t.Errorf("the store was asked %d times, want twice", inner.gets)
	}
}

// Who is refused because of an old copy must not get it again.
func TestARefusedUpdateEndsTheCopyOfOrder(t *testing.T) {
	o := ordertest.Order(cachedOrderTime)
	inner, both := cachedOrders(t, o)
	wantVersionOrder(t, both, o.ID, 1)
	refused := fault.New(fault.Stale, "no")
	_, err := inner.Update(t.Context(), o.ID, message.Unit{}, func(o *order.Order) ([]message.Message, error) {
		o.Version++
		return nil, nil
	})
	if err != nil {
		t.Fatalf("a change that the cache does not know of: %v", err)
	}
	_, err = both.Update(t.Context(), o.ID, message.Unit{}, func(*order.Order) ([]message.Message, error) {
		return nil, refused
	})
	if !errors.Is(err, refused) {
		t.Fatalf("Update: %v, want %v", err, refused)
	}
	wantVersionOrder(t, both, o.ID, 2)
}

func wantVersionOrder(t *testing.T, both *store.OrderCache, id uuid.UUID, want int64) order.Order {
	t.Helper()
	o, err := both.Get(t.Context(), id)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	if o.Version != want {
		t.Errorf("version %d, want %d", o.Version, want)
	}
	return o
}

func TestDeleteEndsTheCopyOfOrder(t *testing.T) {
	o := ordertest.Order(cachedOrderTime)
	_, both := cachedOrders(t, o)
	if _, err := both.Get(t.Context(), o.ID); err != nil {
		t.Fatalf("Get: %v", err)
	}
	if err := both.Delete(t.Context(), o.ID, func(*order.Order) ([]message.Message, error) { return nil, nil }); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	if _, err := both.Get(t.Context(), o.ID); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("Get: %v, want %v", err, order.ErrNotFound)
	}
}

func BenchmarkGetCachedOrder(b *testing.B) {
	o := ordertest.Order(cachedOrderTime)
	_, both := cachedOrders(b, o)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := both.Get(b.Context(), o.ID); err != nil {
			b.Fatal(err)
		}
	}
}
