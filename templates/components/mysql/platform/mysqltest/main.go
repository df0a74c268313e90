package mysqltest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
)

// Main runs the tests of a package with a server at hand, and exits. A package that uses this one has
//
//	func TestMain(m *testing.M) { mysqltest.Main(m) }
func Main(m *testing.M) {
	code, err := run(m)
	if err != nil {
		say("%v", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	if os.Getenv(dsnKey) != "" {
		say("using the server of %s", dsnKey)
		return m.Run(), nil
	}
	server, err := start(context.Background())
	if err != nil {
		return 0, err
	}
	say("using %s", server.what)
	if err := os.Setenv(dsnKey, server.dsn); err != nil {
		return 0, errors.Join(err, server.stop())
	}
	code = m.Run()
	return code, server.stop()
}

// server is a process that this one started.
type server struct {
	// what is it, for a person.
	what string
	dsn  string
	// lifeline is the process's standard input. It ends itself when that ends, so also when the tests are killed.
	lifeline io.Closer
	process  *exec.Cmd
}

func (s *server) stop() error {
	if err := s.lifeline.Close(); err != nil {
		return fmt.Errorf("stop %s: %w", s.what, err)
	}
	if err := s.process.Wait(); err != nil {
		return fmt.Errorf("stop %s: %w", s.what, err)
	}
	return nil
}

// start starts a real server if there is one, else the stand-in.
func start(ctx context.Context) (*server, error) {
	for _, daemon := range daemons() {
		if path, err := exec.LookPath(daemon.name); err == nil {
			return startDaemon(ctx, daemon, path)
		}
	}
	return startStandIn(ctx)
}

func dsnOf(addr string) string {
	cfg := mysql.NewConfig()
	cfg.User, cfg.Net, cfg.Addr = "root", "tcp", addr
	return cfg.FormatDSN()
}

// awaitServer returns when the server answers.
func awaitServer(ctx context.Context, dsn string) error {
	server, err := mysql.ParseDSN(dsn)
	if err != nil {
		return err
	}
	server.Logger = &mysql.NopLogger{}
	ctx, cancel := context.WithTimeout(ctx, adminTimeout)
	defer cancel()
	for {
		err := connected(ctx, server, func(ctx context.Context, db *sql.DB) error { return db.PingContext(ctx) })
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server did not answer: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// freeAddr returns a loopback address that nothing listens on.
func freeAddr(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "mysqltest: "+format+"\n", args...)
}
