package mongodb

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/trace/noop"

	"create-service/templates/service/platform/jitter"
)

const (
	// migrationsDone is the collection of the steps that were done.
	migrationsDone = "migrations"
	// migrationLease is the name of the lease under which a migration runs.
	migrationLease = "migration"
	// migrationTerm is how long after the death of a migration another one may begin, and migrationWait how long one waits
	// for another to end: that of the release before, or the other half of a Job that was started twice.
	migrationTerm = 20 * time.Second
	migrationWait = time.Minute
)

// Migration is one step of the schema.
type Migration struct {
	// Version is the number at the front of the file's name.
	Version int64
	// File is the file's name.
	File string
	// Applied says when the step was done, in UTC. Zero: it is pending.
	Applied time.Time
}

// step is a migration with what it does.
type step struct {
	Migration
	commands []bson.D
}

// Migrate brings the database of cfg to the newest of the schema's steps and returns the steps it did. There is no way
// down: a step that must be undone gets a step that undoes it.
//
// A step is a file, "00002_create_orders.json", with a list of database commands in MongoDB's Extended JSON, such as
// createIndexes. A step that fails or is killed half-way is run again, so each of its commands must be one that can be
// repeated; dropIndexes is, an index that is gone is no error. A second call at the same time waits for the first. Commands have no time limit but ctx.
func Migrate(ctx context.Context, cfg Config, schema Schema) (done []Migration, err error) {
	steps, err := readSteps(schema.Steps)
	if err != nil {
		return nil, err
	}
	db, err := Open(ctx, cfg, schema, Deps{Registry: prometheus.NewRegistry(), Tracing: noop.NewTracerProvider()})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close(ctx)) }()
	holder := uuid.New()
	if err := db.awaitLease(ctx, migrationLease, holder); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go db.keepLease(ctx, holder, stop)
	done, err = db.apply(ctx, steps)
	return done, errors.Join(err, db.Release(context.WithoutCancel(ctx), migrationLease, holder))
}

// apply does the steps that were not done yet, in their order.
func (db *DB) apply(ctx context.Context, steps []step) (done []Migration, err error) {
	before, err := db.appliedVersions(ctx)
	if err != nil {
		return nil, err
	}
	for _, each := range steps {
		if _, ok := before[each.Version]; ok {
			continue
		}
		if each.Applied, err = db.applyStep(ctx, each); err != nil {
			return done, fmt.Errorf("migration %s: %w", each.File, err)
		}
		done = append(done, each.Migration)
	}
	return done, nil
}

// applyStep runs the commands of a step and notes that. A migration holds no values of anybody, so the server's messages
// are shown in full.
func (db *DB) applyStep(ctx context.Context, s step) (time.Time, error) {
	for _, command := range s.commands {
		if err := db.database.RunCommand(ctx, command).Err(); err != nil && !isIndexGone(err) {
			return time.Time{}, err
		}
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	note := bson.D{{Key: "_id", Value: s.Version}, {Key: "file", Value: s.File}, {Key: "applied_at", Value: now}}
	return now, db.Do(ctx, func(ctx context.Context, database *mongo.Database) error {
		_, err := database.Collection(migrationsDone).InsertOne(ctx, note)
		return err
	})
}

// awaitLease waits until no other process migrates this database.
func (db *DB) awaitLease(ctx context.Context, name string, holder uuid.UUID) error {
	for deadline := time.Now().Add(migrationWait); ; {
		held, err := db.Lease(ctx, name, holder, migrationTerm)
		if held || err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return &unavailableError{cause: fmt.Errorf("another migration of %s has been running for %s", db.cfg.Database, migrationWait)}
		}
		if !jitter.Pause(ctx, time.Second) {
			return ctx.Err()
		}
	}
}

// keepLease renews the lease of a migration until ctx ends, and stops the migration when the lease is lost.
func (db *DB) keepLease(ctx context.Context, holder uuid.UUID, stop context.CancelCauseFunc) {
	ticker := time.NewTicker(migrationTerm / 4)
	defer ticker.Stop()
	for renewed := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		began := time.Now()
		held, err := db.Lease(ctx, migrationLease, holder, migrationTerm)
		switch {
		case held:
			renewed = began
		case err == nil, time.Since(renewed) > migrationTerm/2:
			stop(errors.New("the lease of the migration was lost"))
			return
		}
	}
}

// readSteps reads the steps in the order of their names.
func readSteps(files fs.FS) ([]step, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	var steps []step
	for _, name := range names {
		each, err := readStep(files, name)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		if len(steps) > 0 && steps[len(steps)-1].Version >= each.Version {
			return nil, fmt.Errorf("migration %s has the number of another one, or another count of digits", name)
		}
		steps = append(steps, each)
	}
	return steps, nil
}

func readStep(files fs.FS, name string) (step, error) {
	digits := regexp.MustCompile(`^\d+`).FindString(name)
	version, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return step{}, errors.New("the name does not begin with a number")
	}
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return step{}, err
	}
	// Extended JSON has a document at its top.
	var content struct {
		Commands []bson.D `bson:"commands"`
	}
	if err := bson.UnmarshalExtJSON([]byte(`{"commands":`+string(text)+`}`), false, &content); err != nil {
		return step{}, fmt.Errorf("a list of commands is wanted: %w", err)
	}
	if len(content.Commands) == 0 {
		return step{}, errors.New("a list of commands is wanted, and this has none")
	}
	return step{Migration: Migration{Version: version, File: path.Base(name)}, commands: content.Commands}, nil
}
