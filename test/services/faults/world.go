package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/go-sql-driver/mysql"

	"create-service/test/services/running"
)

// world is everything that runs.
type world struct {
	options
	// dir holds the binary, its log and the servers' data.
	dir     string
	servers running.Servers
	service *running.Service
	clients []*client
}

func newWorld(o options, dir string) *world {
	return &world{options: o, dir: dir, servers: running.Servers{
		Scripts: filepath.Join(o.root, "test/servers"),
		Dir:     filepath.Join(dir, "servers"),
		// A cache: it forgets when it is full, and after a crash.
		Environ: []string{"REDIS_SETTINGS=appendonly no\nmaxmemory 64mb\nmaxmemory-policy allkeys-lru"},
	}}
}

// start starts the servers, then the service on them.
func (w *world) start(ctx context.Context) error {
	if err := w.servers.Start(ctx, "mariadb", "redis"); err != nil {
		return err
	}
	dsn, err := w.servers.Do(ctx, "mariadb", "dsn")
	if err != nil {
		return err
	}
	redis, err := w.servers.Do(ctx, "redis", "addr")
	if err != nil {
		return err
	}
	cfg, err := running.Database(ctx, dsn, "faults")
	if err != nil {
		return err
	}
	w.service, err = running.BuildFrom(ctx, w.source, w.dir, "matrix", environment(cfg, redis)...)
	if err != nil {
		return err
	}
	return errors.Join(w.service.Run(ctx, "migrate"), w.service.Serve(ctx))
}

func environment(cfg *mysql.Config, redis string) []string {
	return []string{
		"MYSQL_ADDR=" + cfg.Addr, "MYSQL_USER=" + cfg.User, "MYSQL_PASSWORD=" + cfg.Passwd, "MYSQL_DATABASE=" + cfg.DBName,
		"CACHE_REDIS_ADDR=" + redis, "TRACE_SAMPLE_RATIO=0",
	}
}

func (w *world) stop(ctx context.Context) error {
	return errors.Join(w.service.Stop(), w.servers.Stop(ctx))
}

// redis does something to Redis.
func (w *world) redis(ctx context.Context, action string) error {
	_, err := w.servers.Do(ctx, "redis", action)
	return err
}

// counts are what the service has counted since its start.
type counts struct {
	// reads are those through the cache, by outcome.
	reads map[string]float64
	// isUsed says whether Redis is.
	isUsed bool
	// pending are the invalidations that have not reached it.
	pending float64
}

// hitRatio is the share of reads since before that needed no store.
func (c counts) hitRatio(before counts) float64 {
	all := 0.0
	for outcome, n := range c.reads {
		all += n - before.reads[outcome]
	}
	return (c.reads["hit"] - before.reads["hit"]) / max(1, all)
}

// count asks the service what it has counted.
func (w *world) count(ctx context.Context) (counts, error) {
	c := counts{reads: map[string]float64{}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+w.service.Admin+"/metrics", http.NoBody)
	if err != nil {
		return c, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return c, err
	}
	defer func() { _ = response.Body.Close() }()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if err := c.read(lines.Text()); err != nil {
			return c, err
		}
	}
	return c, nil
}

func (c *counts) read(line string) error {
	series, number, _ := strings.Cut(line, " ")
	name, labels, _ := strings.Cut(series, "{")
	if name != "cache_requests_total" && name != "cache_breaker_state" && name != "cache_invalidations_pending" {
		return nil
	}
	value, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return fmt.Errorf("metric %s: %w", line, err)
	}
	switch name {
	case "cache_requests_total":
		_, outcome, _ := strings.Cut(labels, `outcome="`)
		c.reads[strings.TrimSuffix(outcome, `"}`)] = value
	case "cache_breaker_state":
		c.isUsed = value == 0
	default:
		c.pending = value
	}
	return nil
}
