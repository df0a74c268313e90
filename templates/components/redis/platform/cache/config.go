package cache

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"create-service/templates/service/platform/config"
	"create-service/templates/service/platform/tlsclient"
)

// Config says where the cache is and what a call to it may take.
type Config struct {
	// Addr is the host and port of the Redis that caches. It must be one with a maxmemory and maxmemory-policy allkeys-lru,
	// so never the one that keeps tasks: what a cache may forget, a queue may not. It holds copies of rows, personal data
	// included.
	Addr string `env:"CACHE_REDIS_ADDR" envDefault:"127.0.0.1:6380"`
	// User is the account of the server's ACL. Empty: the default account.
	User string `env:"CACHE_REDIS_USER"`
	// Password is the account's password.
	Password config.Secret `env:"CACHE_REDIS_PASSWORD" secret:"true"`
	// DB is the number of the database. Services may share one: each key begins with the service's name.
	DB int `env:"CACHE_REDIS_DB" envDefault:"0" min:"0" max:"1023"`
	// TLS is off or verify (encrypted, and the server's certificate must be valid for the host of CACHE_REDIS_ADDR).
	TLS string `env:"CACHE_REDIS_TLS" envDefault:"off"`
	// TLSCAFile is a PEM file with the authorities to trust when CACHE_REDIS_TLS is verify. Empty: those of the system.
	TLSCAFile string `env:"CACHE_REDIS_TLS_CA_FILE"`
	// PoolSize is how many connections one process keeps at most.
	PoolSize int `env:"CACHE_REDIS_POOL_SIZE" envDefault:"20" min:"1" max:"1000"`
	// Timeout bounds what one read or one invalidation waits for Redis, connecting and a retry included. After it the store
	// is asked.
	Timeout time.Duration `env:"CACHE_TIMEOUT" envDefault:"300ms" min:"10ms" max:"10s"`
	// SlowCall is the time above which an answer counts as a failure: a cache that is slower than the store is no help. It
	// must be above what the server's own pauses take.
	SlowCall time.Duration `env:"CACHE_SLOW_CALL" envDefault:"100ms" min:"1ms" max:"10s"`
	// Failures is how many failures in a row end the use of Redis. It also ends when half of at least 20 calls within ten
	// seconds fail.
	Failures int `env:"CACHE_FAILURES" envDefault:"5" min:"1" max:"1000"`
	// RetryInterval is the time between two probes of a Redis that is not used, and between two tries of an invalidation
	// that did not reach it.
	RetryInterval time.Duration `env:"CACHE_RETRY_INTERVAL" envDefault:"1s" min:"10ms" max:"1m"`
	// AbsentTTL is how long it is kept that something does not exist.
	AbsentTTL time.Duration `env:"CACHE_ABSENT_TTL" envDefault:"30s" min:"1s" max:"1h"`
}

// Validate checks what concerns more than one key. Each problem begins with its key.
func (c Config) Validate() error {
	var problems []error
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		problems = append(problems, errors.New("CACHE_REDIS_ADDR must be a host and a port"))
	}
	if c.TLS != "off" && c.TLS != "verify" {
		problems = append(problems, fmt.Errorf("CACHE_REDIS_TLS must be off or verify, not %q", c.TLS))
	}
	if c.TLSCAFile != "" && c.TLS != "verify" {
		problems = append(problems, errors.New("CACHE_REDIS_TLS_CA_FILE has no effect unless CACHE_REDIS_TLS is verify"))
	}
	if c.User != "" && c.Password == "" {
		problems = append(problems, errors.New("CACHE_REDIS_USER has no effect without CACHE_REDIS_PASSWORD"))
	}
	if c.SlowCall > c.Timeout {
		problems = append(problems, errors.New("CACHE_SLOW_CALL must not be longer than CACHE_TIMEOUT"))
	}
	return errors.Join(problems...)
}

func (c Config) redisOptions() (*redis.Options, error) {
	encryption, err := c.tlsConfig()
	if err != nil {
		return nil, err
	}
	// Two attempts fit into the time that a caller waits.
	attempt := c.Timeout / 2
	return &redis.Options{
		Addr:         c.Addr,
		Username:     c.User,
		Password:     c.Password.Reveal(),
		DB:           c.DB,
		TLSConfig:    encryption,
		DialTimeout:  attempt,
		ReadTimeout:  attempt,
		WriteTimeout: attempt,
		PoolTimeout:  attempt,
		PoolSize:     c.PoolSize,
		// Every command here may be sent twice, so one that met a connection that had died is sent again, once.
		MaxRetries:            1,
		DialerRetries:         1,
		ContextTimeoutEnabled: true,
		// What these two ask the server for at each connection is of no use here, and old servers refuse it.
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}, nil
}

func (c Config) tlsConfig() (*tls.Config, error) {
	if c.TLS != "verify" {
		return nil, nil
	}
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return nil, fmt.Errorf("CACHE_REDIS_ADDR: %w", err)
	}
	settings, err := tlsclient.Config("CACHE_REDIS_TLS_CA_FILE", c.TLSCAFile)
	if err != nil {
		return nil, err
	}
	settings.ServerName = host
	return settings, nil
}
