// Package mongodb is the service's connection to MongoDB: a pool with limits, spans and metrics, aggregates that are
// documents, effects that happen once under a key, messages that are committed with their aggregate, and migrations.
//
// # One document at a time
//
// Nothing here needs a transaction, and so no replica set: what must be committed together is in one document. Beside
// the aggregate's own fields a document has some of the platform's, whose names begin with an underscore:
//
//	_revision  counts the writes; each write names the one that it has read, and is refused when there was another
//	_created   the once-key that the document was created under, with what was created
//	_changed   the once-key of the last change that had one, with its result
//	_outbox    the messages that wait to be sent, by kind
//	_deleted   marks a tombstone
//	_sweep_at  when something of this becomes superfluous
//
// # Once-keys and crashes
//
// A process may die, and an answer may get lost, between any two writes. These are all there are:
//
//   - Create is one insert, of the aggregate, its once-key and its messages. A second one under the key is refused by the
//     unique index on _created.key; its caller is told what the first one has created. Nothing lies in between.
//   - Update is one write of the change, the once-key, the result and the messages, under the condition that nobody else
//     has written since the document was read. Whoever repeats it finds the key in the document.
//   - A document holds the key of its last change only. So before the next change under a key, the one that is there is
//     copied to the collection once_keys. A crash before the copy leaves it in the document; one after it, in both places.
//     A repetition reads the document first and once_keys after it: a key that was moved in between is found there,
//     and a change that came in between makes its own write fail and begin anew.
//   - Right after a change its key is copied too, so that the same key on another document is noticed. That copy may
//     fail: the effect has happened, and the next change or the sweep does it. Under the same key on another document at the
//     same moment both effects may happen; they are effects on two documents that were both asked for.
//   - Receive is one insert into once_keys, of the key and its messages.
//   - Delete turns a document with messages or keys into a tombstone by one write: without its fields, so invisible, and
//     its unique values are free. The relay or the sweep deletes it when the messages are gone and the keys expired.
//   - The relay sends first and takes a message out of its document afterwards. A crash in between sends it again, with
//     the same id.
//
// # Values
//
// Times, decimals, dates and UUIDs are kept exactly, and sort as what they are: see codec.go.
package mongodb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.opentelemetry.io/otel/trace"
)

// Schema is what a service has in its database.
type Schema struct {
	// Steps are the migrations: see [Migrate].
	Steps fs.FS
	// Collections are those whose documents are aggregates.
	Collections []string
}

// Deps is what a database reports to.
type Deps struct {
	// Registry takes the metrics of the pool and of the commands.
	Registry prometheus.Registerer
	// Tracing takes a span for each command.
	Tracing trace.TracerProvider
}

// DB is a pool of connections to one database. Its methods may be called by several goroutines at once.
type DB struct {
	database *mongo.Database
	cfg      Config
	schema   Schema
	registry *bson.Registry
	measured *instruments
}

// Open returns the database of cfg.
//
// It connects once, to refuse what waiting cannot mend, such as a wrong password. A server that does not answer is no
// error: the pool connects when the server is back, and until then [DB.Check] says what is wrong.
func Open(ctx context.Context, cfg Config, schema Schema, deps Deps) (*DB, error) {
	registry := newRegistry()
	settings, err := cfg.clientOptions(registry)
	if err != nil {
		return nil, err
	}
	measured := newInstruments(cfg)
	settings.SetMonitor(newMonitor(deps.Tracing, measured).commands())
	settings.SetPoolMonitor(measured.pool())
	client, err := mongo.Connect(settings)
	if err != nil {
		return nil, fmt.Errorf("mongodb: %w", err)
	}
	db := &DB{database: client.Database(cfg.Database), cfg: cfg, schema: schema, registry: registry, measured: measured}
	if err := measured.register(deps.Registry); err != nil {
		return nil, errors.Join(err, client.Disconnect(ctx))
	}
	if err := db.Check(ctx); err != nil && (!isUnavailable(err) || slices.ContainsFunc(mongo.ErrorCodes(err), isAccessCode)) {
		return nil, errors.Join(err, db.Close(ctx))
	}
	return db, nil
}

// Do runs an operation of the service's own. It has the time limit of all operations, a span and a place in a histogram
// for each of its commands, and its error is as callers of this package see it.
func (db *DB) Do(ctx context.Context, operation func(ctx context.Context, database *mongo.Database) error) error {
	limited, cancel := context.WithTimeout(ctx, db.cfg.OperationTimeout)
	defer cancel()
	return explain(ctx, operation(limited, db.database))
}

// Check returns nil when the server that takes writes answers.
func (db *DB) Check(ctx context.Context) error {
	err := db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
		return database.Client().Ping(ctx, readpref.Primary())
	})
	if err != nil {
		return fmt.Errorf("mongodb %s: %w", db.cfg.Database, err)
	}
	return nil
}

// Close ends all connections, waiting for the operations under way, and takes the metrics back.
func (db *DB) Close(ctx context.Context) error {
	db.measured.unregister()
	if err := db.database.Client().Disconnect(ctx); err != nil {
		return fmt.Errorf("mongodb: %w", err)
	}
	return nil
}
