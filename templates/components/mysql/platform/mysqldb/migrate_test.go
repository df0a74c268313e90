package mysqldb_test

import (
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"create-service/templates/components/mysql/platform/mysqldb"
	"create-service/templates/components/mysql/platform/mysqltest"
	"create-service/templates/service/kernel/fault"
)

func TestMigrateAppliesWhatIsMissing(t *testing.T) {
	t.Parallel()
	cfg := mysqltest.Database(t)
	steps := migrations(t)
	done, err := mysqldb.Migrate(t.Context(), cfg, steps)
	require.NoError(t, err)
	require.Equal(t, []int64{1, 2}, versions(done))
	require.Equal(t, "00002_create_things.sql", done[1].File)

	steps["00003_add_price.sql"] = step("ALTER TABLE `things` ADD COLUMN `price` INT NULL;")
	done, err = mysqldb.Migrate(t.Context(), cfg, steps)
	require.NoError(t, err)
	require.Equal(t, []int64{3}, versions(done))

	done, err = mysqldb.Migrate(t.Context(), cfg, steps)
	require.NoError(t, err)
	require.Empty(t, done)
	run(t, open(t, cfg), "INSERT INTO `things` (`name`, `price`) VALUES ('a', 1)")
}

func TestMigrationsAtOnceExcludeEachOther(t *testing.T) {
	t.Parallel()
	cfg := mysqltest.Database(t)
	steps := migrations(t)
	steps["00003_count.sql"] = step("INSERT INTO `things` (`name`) VALUES ('once');")
	var all sync.WaitGroup
	var mu sync.Mutex
	applied := 0
	for range 4 {
		all.Go(func() {
			done, err := mysqldb.Migrate(t.Context(), cfg, steps)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			applied += len(done)
		})
	}
	all.Wait()
	require.Equal(t, 3, applied)
}

func TestFailedMigrationIsNamed(t *testing.T) {
	t.Parallel()
	cfg := mysqltest.Database(t)
	steps := migrations(t)
	steps["00003_broken.sql"] = step("CREATE TABEL `x`;")
	steps["00004_never.sql"] = step("CREATE TABLE `never` (`id` INT PRIMARY KEY);")
	done, err := mysqldb.Migrate(t.Context(), cfg, steps)
	require.ErrorContains(t, err, "migration 00003_broken.sql: ")
	require.ErrorContains(t, err, "TABEL", "the server's own words about the syntax")
	require.Equal(t, []int64{1, 2}, versions(done))

	steps["00003_broken.sql"] = step("CREATE TABLE `x` (`id` INT PRIMARY KEY);")
	done, err = mysqldb.Migrate(t.Context(), cfg, steps)
	require.NoError(t, err)
	require.Equal(t, []int64{3, 4}, versions(done))
}

func TestMigrateMendsAVersionTableWithoutRows(t *testing.T) {
	t.Parallel()
	cfg := mysqltest.Database(t)
	steps := migrations(t)
	_, err := mysqldb.Migrate(t.Context(), cfg, steps)
	require.NoError(t, err)
	// What a kill between its creation and its first row leaves.
	run(t, open(t, cfg), "DELETE FROM `goose_db_version`")
	done, err := mysqldb.Migrate(t.Context(), cfg, steps)
	require.NoError(t, err)
	require.Equal(t, []int64{1, 2}, versions(done))
}

func TestMigrateRefusesAServerThatIsDown(t *testing.T) {
	t.Parallel()
	cfg := mysqltest.Database(t)
	network := newProxy(t, cfg.Addr)
	cfg.Addr = network.addr()
	cfg.ConnectTimeout = 300 * time.Millisecond
	network.freeze()
	_, err := mysqldb.Migrate(t.Context(), cfg, migrations(t))
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.ErrorContains(t, err, "connecting exceeded its limit of 300ms")
}

func TestMigrationsHaveTimeAndOneConnection(t *testing.T) {
	t.Parallel()
	cfg := mysqltest.Database(t)
	network := newProxy(t, cfg.Addr)
	cfg.Addr = network.addr()
	cfg.ReadTimeout, cfg.StatementTimeout = 500*time.Millisecond, 500*time.Millisecond
	steps := migrations(t)
	steps["00003_slow.sql"] = step("SELECT SLEEP(1);")
	done, err := mysqldb.Migrate(t.Context(), cfg, steps)
	require.NoError(t, err)
	require.Len(t, done, 3)
	require.EqualValues(t, 1, network.accepted.Load(), "the lock covers what its connection does")
}

func TestMigrateWaitsLittleForATableInUse(t *testing.T) {
	t.Parallel()
	mysqltest.NeedReal(t, "metadata locks")
	cfg := migrated(t)
	cfg.DDLLockWaitTimeout = time.Second
	db := open(t, cfg)
	reader, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { _ = reader.Rollback() }()
	scan[int](t, reader, countThings)
	steps := migrations(t)
	steps["00003_add_price.sql"] = step("ALTER TABLE `things` ADD COLUMN `price` INT NULL;")
	_, err = mysqldb.Migrate(t.Context(), cfg, steps)
	require.ErrorContains(t, err, "1205", "queries would queue behind an ALTER TABLE that waits")
}

func TestSchemaIsChecked(t *testing.T) {
	t.Parallel()
	cfg := mysqltest.Database(t)
	db := open(t, cfg)
	old := migrations(t)
	require.ErrorContains(t, db.CheckSchema(t.Context(), old), "00001_create_once_keys.sql")
	before, err := db.Status(t.Context(), old)
	require.NoError(t, err)
	require.True(t, before[0].Applied.IsZero())

	_, err = mysqldb.Migrate(t.Context(), cfg, old)
	require.NoError(t, err)
	require.NoError(t, db.CheckSchema(t.Context(), old))
	after, err := db.Status(t.Context(), old)
	require.NoError(t, err)
	require.Equal(t, []int64{1, 2}, versions(after))
	require.WithinDuration(t, time.Now(), after[1].Applied, time.Minute)

	newer := migrations(t)
	newer["00003_add_price.sql"] = step("ALTER TABLE `things` ADD COLUMN `price` INT NULL;")
	require.ErrorContains(t, db.CheckSchema(t.Context(), newer), "00003_add_price.sql")
	_, err = mysqldb.Migrate(t.Context(), cfg, newer)
	require.NoError(t, err)
	require.NoError(t, db.CheckSchema(t.Context(), old), "the release before runs on the newer schema")
}

func step(sql string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- +goose Up\n" + sql + "\n")}
}

func versions(steps []mysqldb.Migration) (all []int64) {
	for _, one := range steps {
		all = append(all, one.Version)
	}
	return all
}
