package mysqldb_test

import (
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"create-service/templates/components/mysql/platform/mysqldb"
	"create-service/templates/service/platform/config"
)

// ownServer is a real server that one test may break.
type ownServer struct {
	script string
	env    []string
}

func startOwnServer(t *testing.T, environ ...string) *ownServer {
	t.Helper()
	if _, err := exec.LookPath("mariadbd"); err != nil {
		if os.Getenv("REQUIRE_REAL") == "1" {
			t.Fatal("no mariadbd on the PATH to kill and freeze")
		}
		t.Skip("no mariadbd on the PATH to kill and freeze")
	}
	script, err := filepath.Abs("../../../../../test/servers/mariadb.sh")
	require.NoError(t, err)
	s := &ownServer{script: script, env: append(append(os.Environ(), "DATA_DIR="+t.TempDir()), environ...)}
	t.Cleanup(func() { s.do(t, "clean") })
	s.do(t, "start")
	return s
}

func (s *ownServer) do(t *testing.T, action string) string {
	t.Helper()
	command := exec.Command(s.script, action)
	command.Env = s.env
	var complaints strings.Builder
	command.Stderr = &complaints
	output, err := command.Output()
	require.NoError(t, err, "%s: %s", action, &complaints)
	return strings.TrimSpace(string(output))
}

// config returns the way to an empty database, with the given keys set.
func (s *ownServer) config(t *testing.T, environ ...string) mysqldb.Config {
	t.Helper()
	server, err := mysql.ParseDSN(s.do(t, "dsn"))
	require.NoError(t, err)
	connector, err := mysql.NewConnector(server)
	require.NoError(t, err)
	admin := sql.OpenDB(connector)
	defer admin.Close()
	run(t, admin, "CREATE DATABASE IF NOT EXISTS `own`")
	var loaded struct{ MySQL mysqldb.Config }
	require.NoError(t, config.Load(&loaded, append(environ,
		"MYSQL_ADDR="+server.Addr, "MYSQL_DATABASE=own", "MYSQL_USER="+server.User, "MYSQL_PASSWORD="+server.Passwd)))
	return loaded.MySQL
}
