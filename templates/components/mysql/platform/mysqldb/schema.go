package mysqldb

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"time"
)

// Status lists the migrations in their order, each with the time it was applied. It changes nothing.
func (db *DB) Status(ctx context.Context, migrations fs.FS) ([]Migration, error) {
	steps, err := newProvider(db.DB, migrations)
	if err != nil {
		return nil, err
	}
	done, err := db.appliedVersions(ctx)
	if err != nil {
		return nil, err
	}
	var all []Migration
	for _, source := range steps.ListSources() {
		all = append(all, Migration{Version: source.Version, File: path.Base(source.Path), Applied: done[source.Version]})
	}
	return all, nil
}

// CheckSchema returns nil when the schema is at least as new as the newest of migrations. A newer schema is fine: each
// release must work with the schema of the next.
func (db *DB) CheckSchema(ctx context.Context, migrations fs.FS) error {
	all, err := db.Status(ctx, migrations)
	if err != nil {
		return err
	}
	for _, step := range all {
		if step.Applied.IsZero() {
			return fmt.Errorf("the schema lacks migration %s: run the migrate command", step.File)
		}
	}
	return nil
}

// appliedVersions returns when each version was applied. A database that was never migrated has none.
func (db *DB) appliedVersions(ctx context.Context) (map[int64]time.Time, error) {
	found, err := db.QueryContext(ctx, "SELECT `version_id`, `tstamp` FROM `goose_db_version` WHERE `is_applied` = TRUE ORDER BY `id`")
	if number(err) == noSuchTable {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the schema's version: %w", err)
	}
	defer func() { _ = found.Close() }()
	done := map[int64]time.Time{}
	for found.Next() {
		var version int64
		var at time.Time
		if err := found.Scan(&version, &at); err != nil {
			return nil, fmt.Errorf("read the schema's version: %w", err)
		}
		done[version] = at
	}
	if err := found.Err(); err != nil {
		return nil, fmt.Errorf("read the schema's version: %w", err)
	}
	return done, nil
}
