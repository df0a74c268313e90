// Package mysqldb is the service's connection to MySQL 8 or MariaDB 10.6 and later: a pool with limits, spans and
// metrics, transactions that are retried when the server asks for it, effects that happen once under a key, and the
// schema's migrations.
//
// Every statement on a [DB], its transactions and its connections has a time limit, a span (with the statement's text,
// never its arguments) and a place in a histogram. Errors of a database that cannot be used at the moment carry
// [fault.Unavailable], so that each edge answers them as such.
package mysqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/go-sql-driver/mysql"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.opentelemetry.io/otel/trace"
)

// Deps is what a database reports to.
type Deps struct {
	// Registry takes the metrics of the pool and of the statements.
	Registry prometheus.Registerer
	// Tracing takes a span for each statement.
	Tracing trace.TracerProvider
}

// DB is a pool of connections. Its methods may be called by several goroutines at once.
type DB struct {
	*sql.DB
	cfg        Config
	retries    prometheus.Counter
	unregister func()
}

// Open returns the database of cfg.
//
// It connects once, to refuse what waiting cannot mend: a wrong password, a database that does not exist. A server that
// does not answer is no error: the pool connects when the server is back, and until then [DB.Check] says what is wrong.
func Open(ctx context.Context, cfg Config, deps Deps) (*DB, error) {
	settings, err := cfg.driverConfig()
	if err != nil {
		return nil, err
	}
	measured := newInstruments()
	pool, err := openPool(settings, &observer{
		tracer:     deps.Tracing.Tracer(instrumentation),
		attributes: spanAttributes(cfg),
		measured:   measured,
		limit:      cfg.StatementTimeout,
	})
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(cfg.PoolSize)
	pool.SetMaxIdleConns(cfg.PoolSize)
	pool.SetConnMaxLifetime(cfg.ConnectionLifetime)
	pool.SetConnMaxIdleTime(cfg.ConnectionIdleTime)
	db := &DB{DB: pool, cfg: cfg, retries: measured.retries}
	db.unregister, err = register(deps.Registry, append(measured.collectors(), collectors.NewDBStatsCollector(pool, cfg.Database)))
	if err != nil {
		return nil, errors.Join(err, pool.Close())
	}
	if err := db.refused(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// openPool returns a pool of connections that o observes.
func openPool(settings *mysql.Config, o *observer) (*sql.DB, error) {
	settings.DialFunc = dialLine
	dial, err := mysql.NewConnector(settings)
	if err != nil {
		return nil, fmt.Errorf("mysql: %w", err)
	}
	return sql.OpenDB(&connector{Connector: dial, observer: o, limit: settings.Timeout}), nil
}

// refused returns the error with which the server turned a connection down.
func (db *DB) refused(ctx context.Context) error {
	err := db.Check(ctx)
	if _, answered := errors.AsType[*mysql.MySQLError](err); answered && (!isUnavailable(err) || isAccessNumber(number(err))) {
		return err
	}
	return nil
}

// Check returns nil when the server answers.
func (db *DB) Check(ctx context.Context) error {
	if err := db.PingContext(ctx); err != nil {
		return fmt.Errorf("mysql %s: %w", db.cfg.Addr, err)
	}
	return nil
}

// Close ends all connections, waiting for the statements under way, and takes the metrics back.
func (db *DB) Close() error {
	db.unregister()
	return db.DB.Close()
}
