package cache

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"
)

// leaseScript returns what is under the key when it is an entry of the given type, an absence or a lease. All else it
// replaces by the given lease, which it returns.
const leaseScript = `local found = redis.call("GET", KEYS[1])
if found then
  local mark = string.sub(found, 1, 1)
  if mark == "a" or mark == "l" or string.sub(found, 1, #ARGV[1]) == ARGV[1] then return found end
end
redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3])
return ARGV[2]`

// keepScript replaces the given lease by an entry, or deletes it when the entry is empty. Any other thing it leaves alone.
const keepScript = `if redis.call("GET", KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == "" then return redis.call("DEL", KEYS[1]) end
redis.call("SET", KEYS[1], ARGV[2], "PX", ARGV[3])
return 1`

var (
	// errMissing says that there is nothing under a key.
	errMissing = errors.New("nothing is kept")
	// errUnused says that Redis was not asked.
	errUnused = errors.New("the cache is not used at the moment")
)

// fetch returns what is under the key, or [errMissing].
func (c *Client) fetch(ctx context.Context, key string, left *time.Duration) (found []byte, err error) {
	if c.unsettled.has(key) {
		return nil, errUnused
	}
	err = c.do(ctx, "GET", left, func(ctx context.Context) (err error) {
		found, err = c.redis.Get(ctx, key).Bytes()
		if errors.Is(err, redis.Nil) {
			return errMissing
		}
		return err
	})
	return found, err
}

// lease takes the lease of a key under which is nothing of the type that head stands for, and returns it. When there is
// something, it returns that.
func (c *Client) lease(ctx context.Context, key string, head []byte, lease string, left *time.Duration) (found []byte, err error) {
	if c.unsettled.has(key) {
		return nil, errUnused
	}
	err = c.do(ctx, "EVALSHA", left, func(ctx context.Context) error {
		text, err := c.leaseOf.Run(ctx, c.redis, []string{key}, head, lease, longestLoad.Milliseconds()).Text()
		found = []byte(text)
		return err
	})
	return found, err
}

// keep puts an entry in the place of a lease, unless that is gone. An empty entry gives the lease back.
func (c *Client) keep(ctx context.Context, key, lease string, entry []byte, ttl time.Duration, left *time.Duration) error {
	return c.do(ctx, "EVALSHA", left, func(ctx context.Context) error {
		return c.keepFor.Run(ctx, c.redis, []string{key}, lease, entry, max(1, ttl.Milliseconds())).Err()
	})
}

// remove deletes what is under the keys.
func (c *Client) remove(ctx context.Context, left *time.Duration, keys ...string) error {
	return c.do(ctx, "DEL", left, func(ctx context.Context) error { return c.redis.Del(ctx, keys...).Err() })
}

// do sends a command within the time that is left, from which it takes what it needed. A server that was given up is
// left alone.
func (c *Client) do(ctx context.Context, operation string, left *time.Duration, send func(context.Context) error) error {
	if *left <= 0 || !c.breaker.isClosed() {
		return errUnused
	}
	done, err := c.breaker.Allow()
	if err != nil {
		return errUnused
	}
	limited, cancel := context.WithTimeout(ctx, *left)
	defer cancel()
	limited, command := c.observer.begin(limited, operation)
	err = send(limited)
	took := command.end(limited, err)
	*left -= took
	done(c.verdict(ctx, err, took))
	return err
}

// verdict returns what the breaker makes of a call: its error, unless that is no fault of the server.
func (c *Client) verdict(ctx context.Context, err error, took time.Duration) error {
	switch {
	case ctx.Err() != nil:
		return errGivenUp
	case err != nil && !errors.Is(err, errMissing):
		return err
	case took > c.cfg.SlowCall:
		return errSlow
	default:
		return nil
	}
}
