package taskqueue

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

// Config says where the tasks wait and how they are run.
type Config struct {
	// Addr is the host and port of the Redis that keeps the tasks. It must be one with maxmemory-policy noeviction and an
	// append-only file, so never the one that caches: what a cache may forget, a queue may not.
	Addr string `env:"ASYNQ_REDIS_ADDR" envDefault:"127.0.0.1:6379"`
	// User is the account of the server's ACL. Empty: the default account.
	User string `env:"ASYNQ_REDIS_USER"`
	// Password is the account's password.
	Password config.Secret `env:"ASYNQ_REDIS_PASSWORD" secret:"true"`
	// DB is the number of the database. Services that share a server need one each: Asynq's keys have no prefix.
	DB int `env:"ASYNQ_REDIS_DB" envDefault:"0" min:"0" max:"1023"`
	// TLS is off or verify (encrypted, and the server's certificate must be valid for the host of ASYNQ_REDIS_ADDR).
	TLS string `env:"ASYNQ_REDIS_TLS" envDefault:"off"`
	// TLSCAFile is a PEM file with the authorities to trust when ASYNQ_REDIS_TLS is verify. Empty: those of the system.
	TLSCAFile string `env:"ASYNQ_REDIS_TLS_CA_FILE"`
	// ConnectTimeout bounds TCP, TLS and login together.
	ConnectTimeout time.Duration `env:"ASYNQ_REDIS_CONNECT_TIMEOUT" envDefault:"2s" min:"100ms" max:"1m"`
	// Timeout bounds one write to the server, and one wait for its answer.
	Timeout time.Duration `env:"ASYNQ_REDIS_TIMEOUT" envDefault:"3s" min:"100ms" max:"1m"`
	// Concurrency is how many tasks one process runs at the same time. Times the highest number of replicas it must stay
	// below what the stores behind the tasks can serve.
	Concurrency int `env:"ASYNQ_CONCURRENCY" envDefault:"10" min:"1" max:"1000"`
	// Retention is how long a task that is done stays in Redis. So long a repeated message is known by its id and not run
	// again; each one takes memory, about 1 KiB.
	Retention time.Duration `env:"ASYNQ_RETENTION" envDefault:"24h" min:"1m"`
	// PollInterval is the pause between two looks into queues that were all empty, on average: Asynq polls. It is most of a
	// task's latency on an idle worker, and costs Redis one script a queue each time.
	PollInterval time.Duration `env:"ASYNQ_POLL_INTERVAL" envDefault:"200ms" min:"10ms" max:"10s"`
	// DelayInterval is the time between two looks for delayed tasks and retries that are due. They are never run early.
	DelayInterval time.Duration `env:"ASYNQ_DELAY_INTERVAL" envDefault:"1s" min:"100ms" max:"1m"`
	// RetryDelay is the longest pause before the first retry. Each further one may be twice as long; half of it is random,
	// so that tasks that failed together do not come back together.
	RetryDelay time.Duration `env:"ASYNQ_RETRY_DELAY" envDefault:"5s" min:"100ms" max:"1h"`
	// RetryDelayMax is the longest pause before any retry.
	RetryDelayMax time.Duration `env:"ASYNQ_RETRY_DELAY_MAX" envDefault:"10m" min:"1s" max:"24h"`
	// CatchUp is how late a scheduled task may begin: the last tick that was missed (no worker ran, Redis was away) is made
	// up for within this time, once, and skipped after it.
	CatchUp time.Duration `env:"ASYNQ_CATCH_UP" envDefault:"1h" min:"1m" max:"24h"`
}

// Validate checks what concerns more than one key. Each problem begins with its key.
func (c Config) Validate() error {
	var problems []error
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		problems = append(problems, errors.New("ASYNQ_REDIS_ADDR must be a host and a port"))
	}
	if c.TLS != "off" && c.TLS != "verify" {
		problems = append(problems, fmt.Errorf("ASYNQ_REDIS_TLS must be off or verify, not %q", c.TLS))
	}
	if c.TLSCAFile != "" && c.TLS != "verify" {
		problems = append(problems, errors.New("ASYNQ_REDIS_TLS_CA_FILE has no effect unless ASYNQ_REDIS_TLS is verify"))
	}
	if c.User != "" && c.Password == "" {
		problems = append(problems, errors.New("ASYNQ_REDIS_USER has no effect without ASYNQ_REDIS_PASSWORD"))
	}
	if c.RetryDelay > c.RetryDelayMax {
		problems = append(problems, errors.New("ASYNQ_RETRY_DELAY must not be longer than ASYNQ_RETRY_DELAY_MAX"))
	}
	return errors.Join(problems...)
}

// connections is how many connections to Redis a process keeps beside one for each task in hand: for the loops of
// Asynq's server, for what requests enqueue, and for probes.
const connections = 10

func (c Config) redisOptions() (*redis.Options, error) {
	encryption, err := c.tlsConfig()
	if err != nil {
		return nil, err
	}
	return &redis.Options{
		Addr:         c.Addr,
		Username:     c.User,
		Password:     c.Password.Reveal(),
		DB:           c.DB,
		TLSConfig:    encryption,
		DialTimeout:  c.ConnectTimeout,
		ReadTimeout:  c.Timeout,
		WriteTimeout: c.Timeout,
		PoolSize:     c.Concurrency + connections,
		// Every command here may be sent twice: tasks are known by their id. So one that met a connection that had died is
		// sent again, once.
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
		return nil, fmt.Errorf("ASYNQ_REDIS_ADDR: %w", err)
	}
	settings, err := tlsclient.Config("ASYNQ_REDIS_TLS_CA_FILE", c.TLSCAFile)
	if err != nil {
		return nil, err
	}
	settings.ServerName = host
	return settings, nil
}
