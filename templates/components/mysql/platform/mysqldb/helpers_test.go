package mysqldb_test

import (
	"context"
	"database/sql"
	"os"
	"testing"
	"testing/fstest"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace/noop"

	"create-service/templates/components/mysql/platform/mysqldb"
	"create-service/templates/components/mysql/platform/mysqltest"
	"create-service/templates/service/platform/testserver"
)

func TestMain(m *testing.M) { testserver.Main(m, mysqltest.Server()) }

// migrations are that of the component and a table to work with.
func migrations(t testing.TB) fstest.MapFS {
	t.Helper()
	onceKeys, err := os.ReadFile("../../files/migrations/00001_create_once_keys.sql")
	require.NoError(t, err)
	return fstest.MapFS{
		"00001_create_once_keys.sql": {Data: onceKeys},
		"00002_create_things.sql":    {Data: []byte(createThings)},
	}
}

const createThings = "-- +goose Up\n" +
	"CREATE TABLE IF NOT EXISTS `things` (`id` BIGINT AUTO_INCREMENT PRIMARY KEY, `name` VARCHAR(64) NOT NULL, `count` INT NOT NULL DEFAULT 0," +
	" `at` DATETIME(6) NULL, UNIQUE KEY `things_name` (`name`));\n"

// reported is a database and what it reports.
type reported struct {
	*mysqldb.DB
	registry *prometheus.Registry
	spans    *tracetest.SpanRecorder
}

// open opens cfg's database, which the test closes.
func open(t testing.TB, cfg mysqldb.Config) *reported {
	t.Helper()
	spans := tracetest.NewSpanRecorder()
	registry := prometheus.NewRegistry()
	tracing := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
	db, err := mysqldb.Open(t.Context(), cfg, mysqldb.Deps{Registry: registry, Tracing: tracing})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return &reported{DB: db, registry: registry, spans: spans}
}

// migrated returns the way to a database with the tables of migrations.
func migrated(t testing.TB) mysqldb.Config {
	t.Helper()
	cfg := mysqltest.Database(t)
	_, err := mysqldb.Migrate(t.Context(), cfg, migrations(t))
	require.NoError(t, err)
	return cfg
}

func silent() mysqldb.Deps {
	return mysqldb.Deps{Registry: prometheus.NewRegistry(), Tracing: noop.NewTracerProvider()}
}

func run(t testing.TB, db executor, query string, args ...any) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), query, args...)
	require.NoError(t, err)
}

type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func scan[T any](t testing.TB, db mysqldb.Querier, query string, args ...any) (value T) {
	t.Helper()
	require.NoError(t, db.QueryRowContext(t.Context(), query, args...).Scan(&value))
	return value
}

// retries is how often db ran a transaction again.
func retries(t testing.TB, db *reported) int {
	t.Helper()
	families, err := db.registry.Gather()
	require.NoError(t, err)
	for _, family := range families {
		if family.GetName() == "mysql_transaction_retries_total" {
			return int(family.GetMetric()[0].GetCounter().GetValue())
		}
	}
	require.Fail(t, "the counter is missing")
	return 0
}
