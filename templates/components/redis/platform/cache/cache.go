// Package cache keeps copies of a store's values in Redis, so that most reads need no store.
//
// # What is promised
//
// The store decides. Nothing that goes wrong with Redis is an error to a caller, and none waits for Redis longer than the
// configured time: the store is asked instead. After failures in a row, or slow answers, Redis is left alone until it
// answers a probe, which is nobody's request.
//
// A value is read through: what is not in Redis is loaded, once for all who ask at the same time, and kept for at most the
// time to live, less a random part of it. That there is no such value is kept too, for a shorter time.
//
// # Consistency
//
// Who has changed a value calls [Values.Invalidate] after the commit. From then on no reader gets a copy that was loaded
// before it:
//
//  1. A copy is kept only by a reader that holds the key's lease, which it takes before it loads. Invalidation deletes the
//     key, and a lease with it; a reader that has loaded the old value then finds its lease gone and keeps nothing.
//  2. Readers that come after an invalidation do not join a load that began before it.
//  3. An invalidation that does not reach Redis is repeated until it does. Until then this process takes the value from the
//     store. Others may read the old copy in that time.
//
// The time to live bounds all that remains: a process that dies between the commit and the invalidation, a Redis that
// fails over and forgets a deletion, another process in case 3.
//
// # Roll-outs
//
// Two versions of a service, with different types, use the same keys: otherwise one would not invalidate what the other has
// kept. Each copy begins with the fingerprint of its type, and who finds another's replaces it.
package cache

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"go.opentelemetry.io/otel/trace"
)

// Deps is what a cache reports to.
type Deps struct {
	// Service is the name of the service, with which all its keys begin.
	Service string
	// Registry takes the metrics.
	Registry prometheus.Registerer
	// Tracing takes a span for each command.
	Tracing trace.TracerProvider
	// Log takes a line when Redis is given up, and when it is used again.
	Log *slog.Logger
}

// Client is the connection to the Redis of the caches. Its methods may be called by several goroutines at once.
type Client struct {
	cfg        Config
	deps       Deps
	redis      *redis.Client
	observer   *observer
	breaker    *breaker
	unsettled  *unsettled
	measured   *instruments
	modes      modes
	leaseOf    *redis.Script
	keepFor    *redis.Script
	unregister func()
	stop       context.CancelFunc
	tending    sync.WaitGroup
}

// Open returns the caches' connection to the Redis of cfg.
//
// It connects once, to refuse what waiting cannot mend: a wrong password, a database that does not exist. A server that
// does not answer is no error: it is used when it is back.
func Open(ctx context.Context, cfg Config, deps Deps) (*Client, error) {
	options, err := cfg.redisOptions()
	if err != nil {
		return nil, err
	}
	encoding, err := newModes()
	if err != nil {
		return nil, err
	}
	// Every error that the driver would write to standard error it also returns.
	logging.Disable()
	connection := redis.NewClient(options)
	c := &Client{
		cfg:       cfg,
		deps:      deps,
		redis:     connection,
		breaker:   newBreaker(cfg, deps.Log),
		unsettled: newUnsettled(),
		measured:  newInstruments(),
		modes:     encoding,
		leaseOf:   redis.NewScript(leaseScript),
		keepFor:   redis.NewScript(keepScript),
	}
	c.observer = newObserver(cfg, deps.Tracing, c.measured)
	c.unregister, err = register(deps.Registry, append(c.measured.collectors(), newStateCollector(c))...)
	if err != nil {
		return nil, errors.Join(err, connection.Close())
	}
	tended, stop := context.WithCancel(context.WithoutCancel(ctx))
	c.stop = stop
	c.tending.Go(func() { c.tend(tended) })
	if err := c.refused(ctx); err != nil {
		return nil, errors.Join(err, c.Close(ctx))
	}
	c.warnAboutMemory(ctx)
	return c, nil
}

// refused returns the error with which the server turned a connection down.
func (c *Client) refused(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	err := c.Check(ctx)
	if err == nil {
		return nil
	}
	for _, answer := range []string{"WRONGPASS", "NOAUTH", "NOPERM", "ERR AUTH", "ERR DB index", "ERR invalid password"} {
		if strings.Contains(err.Error(), answer) {
			return err
		}
	}
	return nil
}

// warnAboutMemory says so when the server refuses writes, or is killed, instead of forgetting what is old. One that does
// not tell is believed.
func (c *Client) warnAboutMemory(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	const policy = "maxmemory-policy"
	settings, err := c.redis.ConfigGet(ctx, policy).Result()
	if err != nil || settings[policy] != "noeviction" {
		return
	}
	c.deps.Log.WarnContext(ctx, "the Redis of the cache does not make room when its memory is full: set maxmemory, and "+policy+" to allkeys-lru",
		"redis.maxmemory_policy", settings[policy])
}

// Check returns nil when the server answers.
func (c *Client) Check(ctx context.Context) error {
	if err := c.redis.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("redis %s: %w", c.cfg.Addr, err)
	}
	return nil
}

// Close tries what invalidations are left once more, ends all connections and takes the metrics back.
func (c *Client) Close(ctx context.Context) error {
	c.stop()
	c.tending.Wait()
	c.settle(ctx)
	c.unregister()
	return c.redis.Close()
}

// tend looks after a server that was given up, and after invalidations that did not reach it, until the context ends.
func (c *Client) tend(ctx context.Context) {
	ticker := time.NewTicker(c.cfg.RetryInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			c.probe(ctx)
			c.settle(ctx)
		}
	}
}
