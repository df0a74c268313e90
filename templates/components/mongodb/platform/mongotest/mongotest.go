// Package mongotest gives each test a database of its own, on a [Server] that package testserver found.
package mongotest

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.opentelemetry.io/otel/trace/noop"

	"create-service/templates/components/mongodb/platform/mongodb"
	"create-service/templates/service/platform/config"
)

// adminTimeout bounds each step around a test, such as dropping its database.
const adminTimeout = 30 * time.Second

// Open returns a database of the test's own with all migrations applied. It is dropped when the test ends.
func Open(tb testing.TB, schema mongodb.Schema) *mongodb.DB {
	tb.Helper()
	cfg := Database(tb)
	if _, err := mongodb.Migrate(tb.Context(), cfg, schema); err != nil {
		tb.Fatalf("mongotest: %v", err)
	}
	deps := mongodb.Deps{Registry: prometheus.NewRegistry(), Tracing: noop.NewTracerProvider()}
	db, err := mongodb.Open(tb.Context(), cfg, schema, deps)
	if err != nil {
		tb.Fatalf("mongotest: %v", err)
	}
	tb.Cleanup(func() {
		if err := db.Close(context.WithoutCancel(tb.Context())); err != nil {
			tb.Errorf("mongotest: close: %v", err)
		}
	})
	return db
}

// Database returns the way to an empty database of the test's own, with the limits that a service has by default. It is
// dropped when the test ends. The account of TEST_MONGO_URI, if it has one, must be allowed to do all of that.
func Database(tb testing.TB) mongodb.Config {
	tb.Helper()
	name := "test_" + strings.ToLower(rand.Text()[:16])
	var loaded struct{ MongoDB mongodb.Config }
	if err := config.Load(&loaded, environment(tb, name)); err != nil {
		tb.Fatalf("mongotest: %v", err)
	}
	tb.Cleanup(func() { drop(tb, name) })
	return loaded.MongoDB
}

// environment returns the keys that reach a database of the test's server.
func environment(tb testing.TB, database string) []string {
	tb.Helper()
	server, err := parse(Server().Address(tb))
	if err != nil {
		tb.Fatalf("mongotest: %s: %v", Server().Key, err)
	}
	return []string{
		"MONGODB_URI=" + server.uri,
		"MONGODB_DATABASE=" + database,
		"MONGODB_USER=" + server.user,
		"MONGODB_PASSWORD=" + server.password,
		"MONGODB_AUTH_SOURCE=" + server.authSource,
	}
}

// Environment returns the KEY=value lines with which a service that is run as a process reaches cfg's database.
func Environment(cfg mongodb.Config) []string {
	return []string{
		"MONGODB_URI=" + cfg.URI,
		"MONGODB_DATABASE=" + cfg.Database,
		"MONGODB_USER=" + cfg.User,
		"MONGODB_PASSWORD=" + cfg.Password.Reveal(),
		"MONGODB_AUTH_SOURCE=" + cfg.AuthSource,
	}
}

func drop(tb testing.TB, database string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), adminTimeout)
	defer cancel()
	err := connected(ctx, Server().Address(tb), func(ctx context.Context, client *mongo.Client) error {
		return client.Database(database).Drop(ctx)
	})
	if err != nil {
		tb.Errorf("mongotest: drop %s: %v", database, err)
	}
}

func connected(ctx context.Context, uri string, do func(ctx context.Context, client *mongo.Client) error) error {
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(ctx) }()
	return do(ctx, client)
}
