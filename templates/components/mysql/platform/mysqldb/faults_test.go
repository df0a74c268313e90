package mysqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"create-service/templates/components/mysql/platform/mysqldb"
	"create-service/templates/service/kernel/fault"
)

// load is what several workers saw who each incremented a counter as often as they could.
type load struct {
	succeeded, unknown atomic.Int64

	mu       sync.Mutex
	failures []error
	slowest  time.Duration
}

func (l *load) run(ctx context.Context, db *mysqldb.DB) {
	for ctx.Err() == nil {
		began := time.Now()
		err := db.Transact(context.WithoutCancel(ctx), func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, increment, "a")
			return err
		})
		l.record(err, time.Since(began))
	}
}

func (l *load) record(err error, took time.Duration) {
	switch {
	case err == nil:
		l.succeeded.Add(1)
	case errors.Is(err, mysqldb.ErrOutcomeUnknown):
		l.unknown.Add(1)
		fallthrough
	default:
		l.mu.Lock()
		l.failures = append(l.failures, err)
		l.mu.Unlock()
		time.Sleep(10 * time.Millisecond)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.slowest = max(l.slowest, took)
}

func TestFaultsUnderLoad(t *testing.T) {
	t.Parallel()
	server := startOwnServer(t)
	cfg := server.config(t,
		"MYSQL_CONNECT_TIMEOUT=500ms", "MYSQL_LOCK_WAIT_TIMEOUT=1s", "MYSQL_STATEMENT_TIMEOUT=2s", "MYSQL_READ_TIMEOUT=2s", "MYSQL_POOL_SIZE=4")
	_, err := mysqldb.Migrate(t.Context(), cfg, migrations(t))
	require.NoError(t, err)
	db := open(t, cfg)
	run(t, db, insertThing, "a")
	for _, c := range []struct{ fault, repair string }{{"freeze", "thaw"}, {"kill", "start"}} {
		t.Run(c.fault, func(t *testing.T) {
			var seen load
			before := scan[int64](t, db, "SELECT `count` FROM `things`")
			ctx, stop := context.WithCancel(t.Context())
			var workers sync.WaitGroup
			for range 8 {
				workers.Go(func() { seen.run(ctx, db.DB) })
			}
			time.Sleep(500 * time.Millisecond)
			server.do(t, c.fault)
			time.Sleep(4 * time.Second)
			server.do(t, c.repair)
			repaired := time.Now()
			require.Eventually(t, func() bool { return db.Check(t.Context()) == nil }, 5*time.Second, 10*time.Millisecond)
			require.Less(t, time.Since(repaired), 3*time.Second)
			atRepair := seen.succeeded.Load()
			time.Sleep(500 * time.Millisecond)
			stop()
			workers.Wait()

			require.Greater(t, seen.succeeded.Load(), atRepair, "work goes on")
			require.NotEmpty(t, seen.failures)
			for _, err := range seen.failures {
				require.Equal(t, fault.Unavailable, fault.KindOf(err), err)
			}
			// Two workers share a connection: each waits for the other's longest call, then for its own.
			require.Less(t, seen.slowest, 10*time.Second)
			counted := scan[int64](t, db, "SELECT `count` FROM `things`") - before
			require.GreaterOrEqual(t, counted, seen.succeeded.Load(), "what was committed is there")
			require.LessOrEqual(t, counted, seen.succeeded.Load()+seen.unknown.Load(), "what failed was undone")
			t.Logf("%d succeeded, %d failed, %d of them unknown; slowest %s", seen.succeeded.Load(), len(seen.failures), seen.unknown.Load(), seen.slowest)
		})
	}
}

func TestServerThatBecameReadOnlyIsLeft(t *testing.T) {
	t.Parallel()
	server := startOwnServer(t)
	admin := open(t, server.config(t))
	run(t, admin, "CREATE TABLE `things` (`name` VARCHAR(9) PRIMARY KEY)")
	run(t, admin, "CREATE USER 'app'@'127.0.0.1' IDENTIFIED BY 'app'")
	run(t, admin, "GRANT SELECT, INSERT ON `own`.* TO 'app'@'127.0.0.1'")
	cfg := server.config(t, "MYSQL_POOL_SIZE=1")
	cfg.User, cfg.Password = "app", "app"
	db := open(t, cfg)
	before := scan[int](t, db, "SELECT CONNECTION_ID()")

	run(t, admin, "SET GLOBAL `read_only` = ON")
	_, err := db.ExecContext(t.Context(), insertThing, "a")
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.NotEqual(t, before, scan[int](t, db, "SELECT CONNECTION_ID()"), "a new connection may reach the new primary")

	run(t, admin, "SET GLOBAL `read_only` = OFF")
	run(t, db, insertThing, "a")
}
