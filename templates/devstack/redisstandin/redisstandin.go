// Package redisstandin runs miniredis, whose clock it pushes along: by themselves miniredis' keys never expire.
package redisstandin

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// Config says where a server listens and who is told.
type Config struct {
	// Addr is the host and port to listen on. Port 0: a free one.
	Addr string
	// Key is the environment key by which the service finds the server.
	Key string
}

// Flags declares the flag of one stand-in and returns where its value will be. A service may have several, each with a
// name and an environment key of its own: what keeps tasks is never what caches.
func Flags(flags *flag.FlagSet, name, key string) *Config {
	cfg := Config{Key: key}
	flags.StringVar(&cfg.Addr, name+"-redis-addr", "127.0.0.1:0", "`address` of the Redis stand-in for "+name+"; port 0 takes a free one")
	return &cfg
}

// Server is a stand-in that accepts connections. It lets anybody in.
type Server struct {
	key   string
	inner *miniredis.Miniredis
	stop  context.CancelFunc
	clock sync.WaitGroup
}

// beat is how often the clock is pushed, so how late a key may expire.
const beat = 50 * time.Millisecond

// Start returns a server that accepts connections until it is closed.
func Start(cfg *Config) (*Server, error) {
	inner := miniredis.NewMiniRedis()
	if err := inner.StartAddr(cfg.Addr); err != nil {
		return nil, fmt.Errorf("redis stand-in: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Server{key: cfg.Key, inner: inner, stop: stop}
	s.clock.Go(func() { s.pushClock(ctx) })
	return s, nil
}

// pushClock moves the time of the keys by the real time that has passed.
func (s *Server) pushClock(ctx context.Context) {
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			now := time.Now()
			s.inner.FastForward(now.Sub(last))
			last = now
		}
	}
}

// Environment returns how the service reaches the server.
func (s *Server) Environment() []string {
	return []string{s.key + "=" + s.inner.Addr(), strings.TrimSuffix(s.key, "_ADDR") + "_TLS=off"}
}

// Close stops accepting connections, ends those there are, and returns when nothing runs any more.
func (s *Server) Close() error {
	s.stop()
	s.clock.Wait()
	s.inner.Close()
	return nil
}
