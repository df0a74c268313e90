// Package mysqltest gives each test a database of its own, on a [Server] that package testserver found.
package mysqltest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	"create-service/templates/components/mysql/platform/mysqldb"
	"create-service/templates/service/platform/config"
)

// adminTimeout bounds each step around a test, such as dropping its database.
const adminTimeout = 30 * time.Second

// Open returns a database of the test's own with all migrations applied. It is dropped when the test ends.
func Open(tb testing.TB, migrations fs.FS) *mysqldb.DB {
	tb.Helper()
	cfg := Database(tb)
	if _, err := mysqldb.Migrate(tb.Context(), cfg, migrations); err != nil {
		tb.Fatalf("mysqltest: %v", err)
	}
	deps := mysqldb.Deps{Registry: prometheus.NewRegistry(), Tracing: noop.NewTracerProvider()}
	db, err := mysqldb.Open(tb.Context(), cfg, deps)
	if err != nil {
		tb.Fatalf("mysqltest: %v", err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Errorf("mysqltest: close: %v", err)
		}
	})
	return db
}

// Database returns the way to an empty database of the test's own, with the limits that a service has by default. It is dropped
// when the test ends.
func Database(tb testing.TB) mysqldb.Config {
	tb.Helper()
	server := parse(tb)
	name := "test_" + strings.ToLower(rand.Text()[:16])
	administer(tb, server, "CREATE DATABASE `"+name+"`")
	tb.Cleanup(func() { administer(tb, server, "DROP DATABASE `"+name+"`") })
	var loaded struct{ MySQL mysqldb.Config }
	environ := []string{"MYSQL_ADDR=" + server.Addr, "MYSQL_DATABASE=" + name, "MYSQL_USER=" + server.User, "MYSQL_PASSWORD=" + server.Passwd}
	if err := config.Load(&loaded, environ); err != nil {
		tb.Fatalf("mysqltest: %v", err)
	}
	return loaded.MySQL
}

// Environment returns the KEY=value lines with which a service that is run as a process reaches cfg's database.
func Environment(cfg mysqldb.Config) []string {
	return []string{
		"MYSQL_ADDR=" + cfg.Addr,
		"MYSQL_DATABASE=" + cfg.Database,
		"MYSQL_USER=" + cfg.User,
		"MYSQL_PASSWORD=" + cfg.Password.Reveal(),
	}
}

// NeedReal ends a test that needs what the stand-in lacks (say what: "row locks"): it is skipped, or fails when
// REQUIRE_REAL is 1. On a real server it does nothing.
func NeedReal(tb testing.TB, what string) {
	tb.Helper()
	Server().NeedReal(tb, what)
}

func parse(tb testing.TB) *mysql.Config {
	tb.Helper()
	server, err := mysql.ParseDSN(Server().Address(tb))
	if err != nil {
		tb.Fatalf("mysqltest: %s: %v", Server().Key, err)
	}
	return server
}

func administer(tb testing.TB, server *mysql.Config, statement string) {
	tb.Helper()
	withServer(tb, server, func(ctx context.Context, db *sql.DB) error {
		_, err := db.ExecContext(ctx, statement)
		return err
	})
}

func withServer(tb testing.TB, server *mysql.Config, do func(ctx context.Context, db *sql.DB) error) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), adminTimeout)
	defer cancel()
	if err := connected(ctx, server, do); err != nil {
		tb.Fatalf("mysqltest: %v", err)
	}
}

func connected(ctx context.Context, server *mysql.Config, do func(ctx context.Context, db *sql.DB) error) error {
	connector, err := mysql.NewConnector(server)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer func() { _ = db.Close() }()
	return do(ctx, db)
}
