// Package redistest gives each test a Redis database of its own.
package redistest

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"create-service/templates/service/platform/testserver"
)

const (
	// databases is how many databases a server has by default. Number 0 keeps the claims on the others.
	databases = 16
	// claimed is how long a test may have its database. One that was killed gives it back by this.
	claimed = 10 * time.Minute
	// adminTimeout bounds each step around a test.
	adminTimeout = 30 * time.Second
)

// Database is an empty database of a test's own.
type Database struct {
	// Addr is the server's host and port.
	Addr string
	// Number is that of the database.
	Number int
}

// Server is the Redis server of the tests, for [testserver.Main]: the one that TEST_REDIS_ADDR names (host:port, no
// password), else a redis-server on the PATH, else the stand-in whose address devstack prints under the given key.
func Server(standIn string) testserver.Server {
	return testserver.Server{
		Name:    "Redis",
		Key:     "TEST_REDIS_ADDR",
		StandIn: standIn,
		Programs: []testserver.Program{{
			Name: "redis-server",
			Arguments: func(dir, port string) []string {
				// Nothing needs to outlive the tests, so nothing is written to disk.
				return []string{"--bind", "127.0.0.1", "--port", port, "--dir", dir, "--save", "", "--appendonly", "no"}
			},
		}},
		Ready: func(ctx context.Context, addr string) error {
			client := connect(Database{Addr: addr})
			defer func() { _ = client.Close() }()
			return client.Ping(ctx).Err()
		},
	}
}

// NeedReal ends a test that needs what the stand-in lacks; see [testserver.Server.NeedReal].
func NeedReal(tb testing.TB, what string) {
	tb.Helper()
	Server("").NeedReal(tb, what)
}

// Open returns a database for the length of the test. Tests of other packages and programs, on the same server at the same
// time, have others; when all are taken, it waits.
func Open(tb testing.TB) Database {
	tb.Helper()
	addr := Server("").Address(tb)
	token := rand.Text()
	db := Database{Addr: addr}
	administer(tb, Database{Addr: addr}, func(ctx context.Context, claims *redis.Client) (err error) {
		db.Number, err = claim(ctx, claims, token)
		return err
	})
	administer(tb, db, flush)
	tb.Cleanup(func() {
		administer(tb, db, flush)
		administer(tb, Database{Addr: addr}, func(ctx context.Context, claims *redis.Client) error {
			return giveBack(ctx, claims, db.Number, token)
		})
	})
	return db
}

// Environment returns the KEY=value lines with which a service that is run as a process uses the database for what has
// keys with that prefix: "ASYNQ" or "CACHE".
func (d Database) Environment(prefix string) []string {
	return []string{prefix + "_REDIS_ADDR=" + d.Addr, prefix + "_REDIS_DB=" + strconv.Itoa(d.Number)}
}

// claim returns the number of a database that nobody else has.
func claim(ctx context.Context, claims *redis.Client, token string) (int, error) {
	for {
		for number := 1; number < databases; number++ {
			free, err := claims.SetNX(ctx, claimKey(number), token, claimed).Result()
			if err != nil || free {
				return number, err
			}
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return 0, fmt.Errorf("all %d databases are taken: %w", databases-1, ctx.Err())
		}
	}
}

// giveBack ends a claim, unless it has lapsed and the database is somebody else's.
func giveBack(ctx context.Context, claims *redis.Client, number int, token string) error {
	const script = `if redis.call("GET", KEYS[1]) == ARGV[1] then redis.call("DEL", KEYS[1]) end return 1`
	return claims.Eval(ctx, script, []string{claimKey(number)}, token).Err()
}

func claimKey(number int) string { return "redistest:" + strconv.Itoa(number) }

func flush(ctx context.Context, db *redis.Client) error { return db.FlushDB(ctx).Err() }

func administer(tb testing.TB, db Database, do func(context.Context, *redis.Client) error) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), adminTimeout)
	defer cancel()
	client := connect(db)
	defer func() { _ = client.Close() }()
	if err := do(ctx, client); err != nil {
		tb.Fatalf("redistest: %v", err)
	}
}

func connect(db Database) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: db.Addr, DB: db.Number, DisableIdentity: true})
}
