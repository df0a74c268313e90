package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/go-sql-driver/mysql"

	"create-service/templates/components/auth/platform/issuertest"
	"create-service/test/services/running"
)

// world is everything that runs.
type world struct {
	options
	servers running.Servers
	// dir holds binaries, logs and the servers' data.
	dir string
	// brokers and redis are addresses, traces the file of the collector.
	brokers, redis, traces string
	// issuer issues the tokens of the clients. It is here, and no crash reaches it.
	issuer *issuertest.Issuer

	orders, shipping *deployment
	answered         ledger
}

// deployment is a service with what is its own.
type deployment struct {
	*running.Service
	db *sql.DB
	// redis is the number of its database there.
	redis int
}

// start starts the servers, then the services on them.
func (w *world) start(ctx context.Context) (err error) {
	if err := w.servers.Start(ctx, "mariadb", "redis", "kafka", "otel"); err != nil {
		return err
	}
	if w.redis, err = w.servers.Do(ctx, "redis", "addr"); err != nil {
		return err
	}
	if w.brokers, err = w.servers.Do(ctx, "kafka", "addr"); err != nil {
		return err
	}
	if w.traces, err = w.servers.Do(ctx, "otel", "traces"); err != nil {
		return err
	}
	if w.issuer, err = issuertest.New("orders"); err != nil {
		return err
	}
	if w.orders, err = w.deploy(ctx, "orders", 1, "MAX_OPEN_ORDERS=0"); err != nil {
		return err
	}
	if w.shipping, err = w.deploy(ctx, "shipping", 2); err != nil {
		return err
	}
	for _, d := range w.deployments() {
		if err := errors.Join(d.Run(ctx, "migrate"), d.Run(ctx, "topics")); err != nil {
			return err
		}
	}
	return errors.Join(w.orders.Serve(ctx), w.shipping.Serve(ctx))
}

func (w *world) deployments() []*deployment { return []*deployment{w.orders, w.shipping} }

// deploy builds a service and makes its database.
func (w *world) deploy(ctx context.Context, name string, redis int, environ ...string) (*deployment, error) {
	cfg, db, err := w.database(ctx, name)
	if err != nil {
		return nil, err
	}
	d := &deployment{db: db, redis: redis}
	collector, err := w.servers.Do(ctx, "otel", "addr")
	if err != nil {
		return d, err
	}
	d.Service, err = running.Build(ctx, w.root, w.dir, name, append(environ,
		"MYSQL_ADDR="+cfg.Addr, "MYSQL_USER="+cfg.User, "MYSQL_PASSWORD="+cfg.Passwd, "MYSQL_DATABASE="+cfg.DBName,
		"AUTH_ISSUER="+w.issuer.URL,
		"KAFKA_BROKERS="+w.brokers, "KAFKA_TOPIC_REPLICATION=1",
		"ASYNQ_REDIS_ADDR="+w.redis, "ASYNQ_REDIS_DB="+strconv.Itoa(redis),
		"CACHE_REDIS_ADDR="+w.redis, "CACHE_REDIS_DB="+strconv.Itoa(redis+8),
		// Nothing is traced but what the caller asks for.
		"OTEL_EXPORTER_OTLP_ENDPOINT=http://"+collector, "TRACE_SAMPLE_RATIO=0", "TRACE_BATCH_DELAY=100ms",
		// Who was killed is replaced after seconds, so that a run takes minutes.
		"OUTBOX_LEASE=3s", "OUTBOX_SEND_TIMEOUT=1500ms", "KAFKA_DELIVERY_TIMEOUT=1s", "KAFKA_REQUEST_TIMEOUT=500ms", "KAFKA_SESSION_TIMEOUT=6s",
		"ASYNQ_RETRY_DELAY=2s")...)
	return d, err
}

// database makes a database of that name.
func (w *world) database(ctx context.Context, name string) (*mysql.Config, *sql.DB, error) {
	dsn, err := w.servers.Do(ctx, "mariadb", "dsn")
	if err != nil {
		return nil, nil, err
	}
	cfg, err := mysql.ParseDSN(dsn)
	if err != nil {
		return nil, nil, err
	}
	admin, err := open(cfg)
	if err != nil {
		return nil, nil, err
	}
	_, err = admin.ExecContext(ctx, "CREATE DATABASE `"+name+"`")
	if err := errors.Join(err, admin.Close()); err != nil {
		return nil, nil, err
	}
	cfg.DBName = name
	db, err := open(cfg)
	return cfg, db, err
}

func open(cfg *mysql.Config) (*sql.DB, error) {
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

func (w *world) stop(ctx context.Context) error {
	var problems []error
	for _, d := range w.deployments() {
		if d != nil {
			problems = append(problems, d.Stop(), d.db.Close())
		}
	}
	if w.issuer != nil {
		w.issuer.Close()
	}
	return errors.Join(append(problems, w.servers.Stop(ctx))...)
}

// texts returns the first column of a query.
func (d *deployment) texts(ctx context.Context, query string) (all []string, err error) {
	rows, err := d.db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", query, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("%s: %w", query, err)
		}
		all = append(all, text)
	}
	return all, rows.Err()
}

// number returns what a query of one number finds.
func (d *deployment) number(ctx context.Context, query string, args ...any) (n int, err error) {
	if err := d.db.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("%s: %w", query, err)
	}
	return n, nil
}
