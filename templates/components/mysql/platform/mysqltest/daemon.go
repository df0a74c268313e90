package mysqltest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
)

// daemon is a real server's program and how its data directory is made.
type daemon struct {
	name string
	// initialise returns the command that fills an empty data directory.
	initialise func(ctx context.Context) *exec.Cmd
}

func daemons() []daemon {
	return []daemon{
		{name: "mariadbd", initialise: func(ctx context.Context) *exec.Cmd {
			return exec.CommandContext(ctx, "mariadb-install-db",
				"--no-defaults", "--skip-test-db", "--skip-name-resolve", "--auth-root-authentication-method=normal")
		}},
		{name: "mysqld", initialise: func(ctx context.Context) *exec.Cmd {
			return exec.CommandContext(ctx, "mysqld", "--no-defaults", "--initialize-insecure")
		}},
	}
}

// supervise runs "$2…" until standard input ends, then deletes the directory "$1". An interrupt from the terminal ends
// the tests, and only thereby the server.
const supervise = `trap '' INT
dir=$1; shift
"$@" </dev/null >"$dir/log" 2>&1 & server=$!
read -r _
kill $server; wait $server; rm -rf "$dir"`

// startDaemon starts a real server in a directory of its own. Root has no password there; it listens on loopback only,
// and reads and writes no files outside of its directory.
func startDaemon(ctx context.Context, d daemon, path string) (*server, error) {
	dir, err := os.MkdirTemp("", "mysqltest-")
	if err != nil {
		return nil, err
	}
	started, err := startIn(ctx, d, path, dir)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), os.RemoveAll(dir))
	}
	return started, nil
}

func startIn(ctx context.Context, d daemon, path, dir string) (*server, error) {
	account, err := user.Current()
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr(ctx)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	place := []string{"--user=" + account.Username, "--datadir=" + filepath.Join(dir, "data")}
	initialise := d.initialise(ctx)
	initialise.Args = append(initialise.Args, place...)
	// A server that starts deletes the temporary tables that it finds, whoever made them: so each has a place of its own.
	initialise.Env = append(os.Environ(), "TMPDIR="+dir)
	if output, err := initialise.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, output)
	}
	command := exec.CommandContext(ctx, "sh", "-c", supervise, "mysqltest")
	command.Args = append(command.Args, dir, path, "--no-defaults")
	command.Args = append(command.Args, place...)
	command.Env = initialise.Env
	command.Args = append(command.Args,
		"--bind-address=127.0.0.1", "--port="+port, "--socket="+filepath.Join(dir, "s"), "--pid-file="+filepath.Join(dir, "pid"),
		"--secure-file-priv="+dir, "--skip-log-bin", "--skip-name-resolve",
		// Tests need no durability.
		"--innodb-flush-log-at-trx-commit=0")
	lifeline, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	started := &server{what: path, dsn: dsnOf(addr), lifeline: lifeline, process: command}
	if err := awaitServer(ctx, started.dsn); err != nil {
		log, _ := fs.ReadFile(os.DirFS(dir), "log")
		return nil, errors.Join(fmt.Errorf("%w\n%s", err, log), started.stop())
	}
	return started, nil
}
