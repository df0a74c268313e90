package mysqldb_test

import (
	"net"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"create-service/templates/components/mysql/platform/mysqldb"
	"create-service/templates/components/mysql/platform/mysqltest"
	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/platform/config"
)

func TestOpenRefusesWhatWaitingCannotMend(t *testing.T) {
	t.Parallel()
	good := mysqltest.Database(t)
	t.Run("unknown database", func(t *testing.T) {
		cfg := good
		cfg.Database = "no_such_database"
		_, err := mysqldb.Open(t.Context(), cfg, silent())
		require.ErrorContains(t, err, "1049")
	})
	t.Run("wrong password", func(t *testing.T) {
		mysqltest.NeedReal(t, "passwords")
		cfg := good
		cfg.Password = "wrong-password"
		_, err := mysqldb.Open(t.Context(), cfg, silent())
		require.ErrorContains(t, err, "1045")
		require.NotContains(t, err.Error(), "wrong-password")
	})
	t.Run("CA file without certificates", func(t *testing.T) {
		cfg := good
		cfg.TLS, cfg.TLSCAFile = "verify", "open_test.go"
		_, err := mysqldb.Open(t.Context(), cfg, silent())
		require.ErrorContains(t, err, "MYSQL_TLS_CA_FILE")
	})
}

func TestOpenAcceptsAServerThatIsDown(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	cfg := mysqltest.Database(t)
	cfg.Addr = closed.Addr().String()
	err = open(t, cfg).Check(t.Context())
	require.ErrorContains(t, err, cfg.Addr)
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
}

func TestOpenRefusesASecondRegistration(t *testing.T) {
	t.Parallel()
	cfg := mysqltest.Database(t)
	deps := silent()
	first, err := mysqldb.Open(t.Context(), cfg, deps)
	require.NoError(t, err)
	_, err = mysqldb.Open(t.Context(), cfg, deps)
	require.ErrorAs(t, err, new(prometheus.AlreadyRegisteredError))
	require.NoError(t, first.Close())
	again, err := mysqldb.Open(t.Context(), cfg, deps)
	require.NoError(t, err)
	require.NoError(t, again.Close())
}

func TestSession(t *testing.T) {
	t.Parallel()
	cfg := migrated(t)
	db := open(t, cfg)
	require.Equal(t, "+00:00", scan[string](t, db, "SELECT @@time_zone"))
	require.Contains(t, scan[string](t, db, "SELECT @@sql_mode"), "STRICT_TRANS_TABLES")
	require.Equal(t, 3, scan[int](t, db, "SELECT @@innodb_lock_wait_timeout"))
	require.Equal(t, cfg.PoolSize, db.Stats().MaxOpenConnections)
}

func TestTimesAreUTCToTheMicrosecond(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	given := time.Date(2024, 2, 29, 23, 59, 59, 123456000, time.FixedZone("", 2*60*60))
	run(t, db, "INSERT INTO `things` (`name`, `at`) VALUES ('a', ?)", given)
	got := scan[time.Time](t, db, "SELECT `at` FROM `things`")
	require.Equal(t, given.UTC(), got)
}

func TestUpdateCountsMatchedRows(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	run(t, db, "INSERT INTO `things` (`name`) VALUES ('a')")
	done, err := db.ExecContext(t.Context(), "UPDATE `things` SET `name` = 'a' WHERE `name` = 'a'")
	require.NoError(t, err)
	matched, err := done.RowsAffected()
	require.NoError(t, err)
	require.EqualValues(t, 1, matched)
}

func TestPoolIsMeasured(t *testing.T) {
	t.Parallel()
	db := open(t, mysqltest.Database(t))
	count, err := testutil.GatherAndCount(db.registry, "go_sql_max_open_connections", "go_sql_wait_duration_seconds_total")
	require.NoError(t, err)
	require.Equal(t, 2, count)
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set  string
		want string
	}{
		"TLS mode":                    {"MYSQL_TLS=maybe", "MYSQL_TLS must be off, preferred or verify"},
		"CA without verification":     {"MYSQL_TLS_CA_FILE=/ca.pem", "MYSQL_TLS_CA_FILE has no effect"},
		"lock wait in parts":          {"MYSQL_LOCK_WAIT_TIMEOUT=1500ms", "MYSQL_LOCK_WAIT_TIMEOUT must be whole seconds"},
		"DDL lock wait in parts":      {"MYSQL_DDL_LOCK_WAIT_TIMEOUT=1500ms", "MYSQL_DDL_LOCK_WAIT_TIMEOUT must be whole seconds"},
		"lock wait over statement":    {"MYSQL_LOCK_WAIT_TIMEOUT=5s", "MYSQL_LOCK_WAIT_TIMEOUT must be shorter"},
		"statement over read timeout": {"MYSQL_STATEMENT_TIMEOUT=11s", "MYSQL_STATEMENT_TIMEOUT must not be longer"},
		"empty pool":                  {"MYSQL_POOL_SIZE=0", "MYSQL_POOL_SIZE"},
	} {
		t.Run(name, func(t *testing.T) {
			var loaded struct{ MySQL mysqldb.Config }
			err := config.Load(&loaded, []string{"MYSQL_DATABASE=d", "MYSQL_USER=u", c.set})
			require.ErrorContains(t, err, c.want)
		})
	}
}
