package mysqldb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/pressly/goose/v3"
	"go.opentelemetry.io/otel/trace/noop"
)

// migrationWait is how long a migration waits for another one of the same database to end: that of the release before,
// or the other half of a Job that was started twice.
const migrationWait = time.Minute

// Migration is one step of the schema.
type Migration struct {
	// Version is the number at the front of the file's name.
	Version int64
	// File is the file's name.
	File string
	// Applied says when the step was done, in UTC. Zero: it is pending.
	Applied time.Time
}

// Migrate brings the schema of cfg's database to the newest of migrations and returns the steps it did. There is no way
// down: a step that must be undone gets a step that undoes it.
//
// A second call at the same time waits for the first. MySQL commits each change of a table by itself, so a step that
// fails or is killed half-way stays half done: a step should be one statement that can be repeated, such as CREATE TABLE
// IF NOT EXISTS. Statements have no time limit but ctx.
func Migrate(ctx context.Context, cfg Config, migrations fs.FS) (done []Migration, err error) {
	db, err := openSingle(cfg)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := lockSchema(ctx, db, cfg.Database); err != nil {
		return nil, err
	}
	if err := completeVersionTable(ctx, db); err != nil {
		return nil, err
	}
	steps, err := newProvider(db, migrations)
	if err != nil {
		return nil, err
	}
	results, err := steps.Up(ctx)
	if partial, ok := errors.AsType[*goose.PartialError](err); ok {
		return applied(partial.Applied), fmt.Errorf("migration %s: %w", path.Base(partial.Failed.Source.Path), withSyntax(partial.Err))
	}
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	return applied(results), nil
}

func applied(results []*goose.MigrationResult) []Migration {
	done := make([]Migration, len(results))
	for i, result := range results {
		done[i] = Migration{Version: result.Source.Version, File: path.Base(result.Source.Path), Applied: time.Now().UTC()}
	}
	return done
}

// withSyntax shows the server's message about a syntax error in full: a migration holds no values of anybody.
func withSyntax(err error) error {
	if answer, ok := errors.AsType[*mysql.MySQLError](err); ok && answer.Number == syntaxError {
		return answer
	}
	return err
}

func newProvider(db *sql.DB, migrations fs.FS) (*goose.Provider, error) {
	steps, err := goose.NewProvider(goose.DialectMySQL, db, migrations, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return steps, nil
}

// openSingle returns a pool of one connection that lives as long as the pool, so that a lock of the session covers
// everything. There is nobody to report statements to, and a change of a large table may take hours.
func openSingle(cfg Config) (*sql.DB, error) {
	settings, err := cfg.driverConfig()
	if err != nil {
		return nil, err
	}
	settings.ReadTimeout = 0
	settings.Params["lock_wait_timeout"] = seconds(cfg.DDLLockWaitTimeout)
	db, err := openPool(settings, &observer{tracer: noop.Tracer{}, measured: newInstruments()})
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// lockSchema waits until no other session migrates this database. The lock ends with the connection, so also when the
// process is killed.
func lockSchema(ctx context.Context, db *sql.DB, database string) error {
	var got sql.NullInt64
	err := db.QueryRowContext(ctx, "SELECT GET_LOCK(?, ?)", lockName(database), int(migrationWait/time.Second)).Scan(&got)
	if err != nil {
		return fmt.Errorf("lock the schema: %w", err)
	}
	if got.Int64 != 1 {
		return &unavailableError{cause: fmt.Errorf("another migration of %s has been running for %s", database, migrationWait)}
	}
	return nil
}

// lockName fits MySQL's limit of 64 characters for any database name; locks are shared by all databases of a server.
func lockName(database string) string {
	sum := sha256.Sum256([]byte(database))
	return "migrate:" + hex.EncodeToString(sum[:16])
}

// completeVersionTable mends a table of versions that was created and then, by a kill, not given its first row.
func completeVersionTable(ctx context.Context, db *sql.DB) error {
	var rows int
	err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM `goose_db_version`").Scan(&rows)
	if number(err) == noSuchTable || err == nil && rows > 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if _, err := db.ExecContext(ctx, "INSERT INTO `goose_db_version` (`version_id`, `is_applied`) VALUES (0, TRUE)"); err != nil {
		return fmt.Errorf("complete the schema's version: %w", err)
	}
	return nil
}
