package mysqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"create-service/templates/components/mysql/platform/mysqldb"
	"create-service/templates/components/mysql/platform/mysqltest"
	"create-service/templates/service/kernel/fault"
)

const (
	insertThing = "INSERT INTO `things` (`name`) VALUES (?)"
	countThings = "SELECT COUNT(*) FROM `things`"
	increment   = "UPDATE `things` SET `count` = `count` + 1 WHERE `name` = ?"
)

func insert(ctx context.Context, tx *sql.Tx, name string) error {
	_, err := tx.ExecContext(ctx, insertThing, name)
	return err
}

func TestTransactCommits(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	require.NoError(t, db.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx) error { return insert(ctx, tx, "a") }))
	require.Equal(t, 1, scan[int](t, db, countThings))
}

func TestTransactUndoesAFailure(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	refusal := errors.New("refused")
	err := db.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		require.NoError(t, insert(ctx, tx, "a"))
		return refusal
	})
	require.Equal(t, refusal, err, "the function's own error, as it is")
	require.Equal(t, 0, scan[int](t, db, countThings))
}

func TestTransactUndoesAPanic(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	require.PanicsWithValue(t, "boom", func() {
		_ = db.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			require.NoError(t, insert(ctx, tx, "a"))
			panic("boom")
		})
	})
	require.Equal(t, 0, scan[int](t, db, countThings))
	require.Zero(t, db.Stats().InUse, "the connection is back in the pool")
}

func TestTransactRetriesThreeTimes(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	for _, c := range []struct {
		failures, runs int
		succeeds       bool
	}{
		{failures: 3, runs: 4, succeeds: true},
		{failures: 9, runs: 4, succeeds: false},
	} {
		t.Run(fmt.Sprintf("%d failures", c.failures), func(t *testing.T) {
			before := retries(t, db)
			runs := 0
			err := db.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				runs++
				if runs <= c.failures {
					return fmt.Errorf("not now: %w", mysqldb.ErrRetry)
				}
				return insert(ctx, tx, "a")
			})
			require.Equal(t, c.runs, runs)
			require.Equal(t, c.succeeds, err == nil)
			if !c.succeeds {
				require.Equal(t, fault.Unavailable, fault.KindOf(err))
			}
			require.Equal(t, before+3, retries(t, db))
		})
	}
	require.Equal(t, 1, scan[int](t, db, countThings))
}

func TestTransactStopsRetryingWithItsContext(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	ctx, cancel := context.WithCancel(t.Context())
	runs := 0
	err := db.Transact(ctx, func(context.Context, *sql.Tx) error {
		runs++
		cancel()
		return mysqldb.ErrRetry
	})
	require.ErrorIs(t, err, mysqldb.ErrRetry)
	require.Equal(t, 1, runs)
}

func TestTransactDoesNotCommitAfterItsContext(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		defer cancel()
		return insert(ctx, tx, "a")
	})
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, mysqldb.ErrOutcomeUnknown)
	require.Equal(t, 0, scan[int](t, db, countThings))
}

func TestTransactionsThatCollideAllCount(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	run(t, db, insertThing, "a")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				assert.NoError(t, db.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
					_, err := tx.ExecContext(ctx, increment, "a")
					return err
				}))
			}
		})
	}
	all.Wait()
	require.Equal(t, 160, scan[int](t, db, "SELECT `count` FROM `things`"))
}

func TestDeadlockIsRetried(t *testing.T) {
	t.Parallel()
	mysqltest.NeedReal(t, "row locks")
	db := open(t, migrated(t))
	run(t, db, insertThing, "a")
	run(t, db, insertThing, "b")
	var both sync.WaitGroup
	both.Add(2)
	crossed := func(first, second string) error {
		runs := 0
		return db.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, increment, first); err != nil {
				return err
			}
			if runs++; runs == 1 {
				both.Done()
				both.Wait()
			}
			_, err := tx.ExecContext(ctx, increment, second)
			return err
		})
	}
	other := make(chan error)
	go func() { other <- crossed("b", "a") }()
	require.NoError(t, crossed("a", "b"))
	require.NoError(t, <-other)
	require.Equal(t, 4, scan[int](t, db, "SELECT SUM(`count`) FROM `things`"))
	require.Equal(t, 1, retries(t, db))
}

// Not in parallel: on the stand-in, whose turns are the whole server's, it holds up everybody.
func TestLockWaitIsRetriedThenUnavailable(t *testing.T) {
	cfg := migrated(t)
	cfg.LockWaitTimeout = time.Second
	db := open(t, cfg)
	run(t, db, insertThing, "a")
	holder, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = holder.ExecContext(t.Context(), increment, "a")
	require.NoError(t, err)
	runs := 0
	update := func() error {
		return db.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			runs++
			_, err := tx.ExecContext(ctx, increment, "a")
			return err
		})
	}
	err = update()
	require.ErrorContains(t, err, "1205")
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.Equal(t, 4, runs)
	require.NoError(t, holder.Commit())
	require.NoError(t, update())
}

func TestLockWaitThatOutlastsTheCallerIsUnavailable(t *testing.T) {
	t.Parallel()
	cfg := migrated(t)
	cfg.LockWaitTimeout = time.Second
	db := open(t, cfg)
	run(t, db, insertThing, "a")
	holder, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { require.NoError(t, holder.Rollback()) }()
	_, err = holder.ExecContext(t.Context(), increment, "a")
	require.NoError(t, err)

	ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
	defer cancel()
	err = db.Transact(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, increment, "a")
		return err
	})
	require.ErrorContains(t, err, "1205")
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
}

func TestLostCommitHasAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	for name, delivered := range map[string]bool{"after it was done": true, "on its way": false} {
		t.Run(name, func(t *testing.T) {
			cfg := migrated(t)
			direct := open(t, cfg)
			network := newProxy(t, cfg.Addr)
			cfg.Addr = network.addr()
			db := open(t, cfg)
			network.swallow.Store(&swallowed{statement: "COMMIT", delivered: delivered})
			runs := 0
			err := db.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
				runs++
				return insert(ctx, tx, "a")
			})
			require.ErrorIs(t, err, mysqldb.ErrOutcomeUnknown)
			require.Equal(t, fault.Unavailable, fault.KindOf(err))
			require.Equal(t, 1, runs, "it may have happened, so it is not done again")
			want := map[bool]int{true: 1, false: 0}[delivered]
			require.Equal(t, want, scan[int](t, direct, countThings))
		})
	}
}

func TestConnectionLostInATransaction(t *testing.T) {
	t.Parallel()
	cfg := migrated(t)
	network := newProxy(t, cfg.Addr)
	cfg.Addr = network.addr()
	db := open(t, cfg)
	err := db.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		require.NoError(t, insert(ctx, tx, "a"))
		network.cut()
		return insert(ctx, tx, "b")
	})
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.NotErrorIs(t, err, mysqldb.ErrOutcomeUnknown, "COMMIT was never sent")
	require.Equal(t, 0, scan[int](t, db, countThings))
}
