package mysqltest

import (
	"context"
	"database/sql"
	"os/exec"
	"os/user"
	"path/filepath"

	"github.com/go-sql-driver/mysql"

	"create-service/templates/service/platform/testserver"
)

// Server is the MySQL server of the tests, for [testserver.Main]: the one that TEST_MYSQL_DSN names (an account that may
// create databases, in the notation of go-sql-driver/mysql, for example "root:secret@tcp(127.0.0.1:3306)/"), else a
// mariadbd or mysqld on the PATH, else the stand-in.
func Server() testserver.Server {
	return testserver.Server{
		Name:    "MySQL",
		Key:     "TEST_MYSQL_DSN",
		Value:   dsnOf,
		Ready:   ready,
		StandIn: "MYSQL_ADDR",
		Programs: []testserver.Program{
			{Name: "mariadbd", Prepare: prepareMariaDB, Arguments: arguments},
			{Name: "mysqld", Prepare: prepareMySQL, Arguments: arguments},
		},
	}
}

func prepareMariaDB(ctx context.Context, dir string) *exec.Cmd {
	command := exec.CommandContext(ctx, "mariadb-install-db",
		"--no-defaults", "--skip-test-db", "--skip-name-resolve", "--auth-root-authentication-method=normal")
	command.Args = append(command.Args, place(dir)...)
	return command
}

func prepareMySQL(ctx context.Context, dir string) *exec.Cmd {
	command := exec.CommandContext(ctx, "mysqld", "--no-defaults", "--initialize-insecure")
	command.Args = append(command.Args, place(dir)...)
	return command
}

// place says whose server it is and where its data is.
func place(dir string) []string {
	args := []string{"--datadir=" + filepath.Join(dir, "data")}
	if account, err := user.Current(); err == nil {
		args = append(args, "--user="+account.Username)
	}
	return args
}

// arguments are those of a server that listens on loopback only, where root has no password, and that reads and writes no
// files outside of its directory.
func arguments(dir, port string) []string {
	args := append([]string{"--no-defaults"}, place(dir)...)
	return append(args,
		"--bind-address=127.0.0.1", "--port="+port, "--socket="+filepath.Join(dir, "s"), "--pid-file="+filepath.Join(dir, "pid"),
		"--secure-file-priv="+dir, "--skip-log-bin", "--skip-name-resolve",
		// Tests need no durability.
		"--innodb-flush-log-at-trx-commit=0")
}

// dsnOf returns the name of a server that has just been made.
func dsnOf(addr string) string {
	cfg := mysql.NewConfig()
	cfg.User, cfg.Net, cfg.Addr = "root", "tcp", addr
	return cfg.FormatDSN()
}

func ready(ctx context.Context, dsn string) error {
	server, err := mysql.ParseDSN(dsn)
	if err != nil {
		return err
	}
	server.Logger = &mysql.NopLogger{}
	return connected(ctx, server, func(ctx context.Context, db *sql.DB) error { return db.PingContext(ctx) })
}
