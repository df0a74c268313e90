package cache

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"runtime/debug"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"
)

// longestLoad bounds a load, and with it the lease under which its result is kept.
const longestLoad = 10 * time.Second

// Spec describes the values of one kind.
type Spec struct {
	// Name is that of the kind, in keys and metrics: "order".
	Name string
	// TTL is the longest that a copy is used.
	TTL time.Duration
	// Absent is the error with which a load says that there is no such value.
	Absent error
}

// Values caches the values of one kind. T is a struct that [Values.Get] returns exactly as it was loaded; it must not hold
// anything in unexported fields, unless it is an encoding.BinaryMarshaler.
type Values[T any] struct {
	client   *Client
	spec     Spec
	prefix   string
	codec    *codec[T]
	measured *kind
	flights  singleflight.Group
}

// New returns a cache of the values that spec describes. There must be one for each name.
func New[T any](client *Client, spec Spec) *Values[T] {
	return &Values[T]{
		client:   client,
		spec:     spec,
		prefix:   client.deps.Service + ":" + spec.Name + ":" + layout + ":",
		codec:    newCodec[T](client.modes),
		measured: client.measured.kind(spec.Name),
	}
}

// Get returns the copy of the value with the given id. When there is none it returns what load does, and keeps that. Load
// is called once for all who ask at the same time, with a context that does not end when one of them gives up.
func (v *Values[T]) Get(ctx context.Context, id uuid.UUID, load func(context.Context) (T, error)) (T, error) {
	key := v.key(id)
	left := v.client.cfg.Timeout
	found, err := v.client.fetch(ctx, key, &left)
	switch {
	case err == nil:
		if value, err := v.codec.read(found); err == nil {
			v.measured.hits.Inc()
			return value, nil
		} else if errors.Is(err, errAbsent) {
			v.measured.absentHits.Inc()
			return value, v.spec.Absent
		}
		v.measured.misses.Inc()
	case errors.Is(err, errMissing):
		v.measured.misses.Inc()
	case errors.Is(err, errUnused):
		v.measured.bypassed.Inc()
	case ctx.Err() != nil:
		var none T
		return none, ctx.Err()
	default:
		v.measured.failed.Inc()
		left = 0
	}
	return v.share(ctx, key, left, load)
}

// Invalidate makes copies of the value with the given id unusable. Call it after each commit that may have changed, added
// or removed the value, also when the outcome is unknown. It works to its end, within the configured time, even if the
// context has ended.
func (v *Values[T]) Invalidate(ctx context.Context, id uuid.UUID) {
	key := v.key(id)
	left := v.client.cfg.Timeout
	if err := v.client.remove(context.WithoutCancel(ctx), &left, key); err != nil {
		v.client.unsettled.add(key, time.Now().Add(v.spec.TTL+longestLoad))
		v.measured.postponed.Inc()
	} else {
		v.measured.invalidated.Inc()
	}
	// Only now: until here a load could still join one that had met the old copy.
	v.flights.Forget(key)
}

func (v *Values[T]) key(id uuid.UUID) string { return v.prefix + id.String() }

// share loads the value together with all who want it now. The caller may give up; the load goes on for the others.
func (v *Values[T]) share(ctx context.Context, key string, left time.Duration, load func(context.Context) (T, error)) (none T, _ error) {
	results := v.flights.DoChan(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestLoad)
		defer cancel()
		return v.fill(ctx, key, left, load)
	})
	select {
	case <-ctx.Done():
		return none, ctx.Err()
	case r := <-results:
		value, ok := r.Val.(*T)
		switch {
		case r.Err != nil || !ok:
			return none, r.Err
		case r.Shared:
			return v.codec.copy(*value)
		default:
			return *value, nil
		}
	}
}

// fill loads the value and keeps it, if this process is the one to do so.
func (v *Values[T]) fill(ctx context.Context, key string, left time.Duration, load func(context.Context) (T, error)) (*T, error) {
	lease := newLease()
	found, err := v.client.lease(ctx, key, v.codec.head, lease, &left)
	isLeased := err == nil && string(found) == lease
	if err == nil && !isLeased {
		if value, err := v.codec.read(found); err == nil {
			return &value, nil
		} else if errors.Is(err, errAbsent) {
			return nil, v.spec.Absent
		}
	}
	value, err := v.load(ctx, load)
	if isLeased {
		v.keep(ctx, key, lease, &left, value, err)
	}
	if err != nil {
		return nil, err
	}
	return &value, nil
}

// load calls load. A panic is returned as an error: here it would end the process, and not only the request.
func (v *Values[T]) load(ctx context.Context, load func(context.Context) (T, error)) (value T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("load %s: panic: %v\n%s", v.spec.Name, p, debug.Stack())
		}
	}()
	began := time.Now()
	defer func() { v.measured.loads.Observe(time.Since(began).Seconds()) }()
	return load(ctx)
}

// keep gives Redis what was loaded under a lease, or that there is nothing. After a failed load it gives the lease back.
func (v *Values[T]) keep(ctx context.Context, key, lease string, left *time.Duration, value T, failure error) {
	var entry []byte
	ttl := v.spec.TTL
	switch {
	case failure == nil:
		entry = v.encode(ctx, value)
	case errors.Is(failure, v.spec.Absent):
		entry, ttl = []byte(absentEntry), v.client.cfg.AbsentTTL
	}
	// When it fails the lease lapses by itself, and nothing is kept until then.
	_ = v.client.keep(ctx, key, lease, entry, jittered(ttl), left)
}

// encode returns the entry of a value; nothing, and a line in the log, when the type is not one that can be kept.
func (v *Values[T]) encode(ctx context.Context, value T) []byte {
	entry, err := v.codec.write(value)
	if err != nil {
		v.client.deps.Log.ErrorContext(ctx, "a value cannot be cached", "cache", v.spec.Name, "error", err)
	}
	return entry
}

// jittered returns a random time between 80 and 100 per cent of ttl, so that what was kept together does not lapse together.
func jittered(ttl time.Duration) time.Duration {
	part, err := rand.Int(rand.Reader, big.NewInt(int64(ttl/5)+1))
	if err != nil {
		return ttl
	}
	return ttl - time.Duration(part.Int64())
}
