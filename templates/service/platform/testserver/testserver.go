// Package testserver gives the tests of a package the servers that they talk to.
//
// [Main] finds each one by level: what its environment variable names; else a real server that it starts from a program
// on the PATH, in a directory that lives as long as the tests; else a stand-in of the module devstack. It says which.
// Tests find the server in the environment variable, whatever the level.
package testserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const (
	// requireRealKey, when it is 1, makes [NeedReal] fail where it would skip.
	requireRealKey = "REQUIRE_REAL"
	// standInsKey lists the keys of the servers that are stand-ins, separated by commas.
	standInsKey = "TEST_STAND_INS"
)

// Server is one server that tests need, and how to come by it.
type Server struct {
	// Name is what people call it, such as "MySQL".
	Name string
	// Key is the environment variable that says where the server is, such as "TEST_MYSQL_DSN".
	Key string
	// Value returns what Key holds for a server that listens on addr, "host:port". Nil: addr itself.
	Value func(addr string) string
	// Programs are the real servers that can be started here, the best first.
	Programs []Program
	// Ready returns nil when the server that value, as of Key, names does what tests ask of it. It is called until it does,
	// and only for a server that was started from a program.
	Ready func(ctx context.Context, value string) error
	// StandIn is the key under which devstack prints the address of its stand-in, such as "MYSQL_ADDR".
	StandIn string
}

// Program is a real server as a program.
type Program struct {
	// Name of the program, looked up on the PATH.
	Name string
	// Prepare returns the command that fills the directory before the server starts. Nil when an empty one will do.
	Prepare func(ctx context.Context, dir string) *exec.Cmd
	// Arguments returns those with which the program, in the foreground, serves 127.0.0.1:port and keeps all its files in
	// the directory, which is also its working directory and its TMPDIR.
	Arguments func(dir, port string) []string
}

// Main runs the tests of a package with servers at hand, and exits. A package that needs some has
//
//	func TestMain(m *testing.M) { testserver.Main(m, mysqltest.Server()) }
func Main(m *testing.M, servers ...Server) {
	code, err := run(m, servers)
	if err != nil {
		say("%v", err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M, servers []Server) (code int, err error) {
	stop, err := Start(context.Background(), servers...)
	if err != nil {
		return 0, err
	}
	code = m.Run()
	return code, stop()
}

// Start makes the environment name all the servers, and starts those that it did not name before. Stop ends these; the
// caller must call it, and even a caller that is killed leaves none of them running.
func Start(ctx context.Context, servers ...Server) (stop func() error, err error) {
	var started []*process
	stop = func() error {
		problems := make([]error, 0, len(started))
		for _, p := range started {
			problems = append(problems, p.stop())
		}
		return errors.Join(problems...)
	}
	var left []Server
	for _, s := range servers {
		local, err := s.fromHere(ctx)
		switch {
		case errors.Is(err, errNoProgram):
			left = append(left, s)
		case err != nil:
			return nil, errors.Join(fmt.Errorf("%s: %w", s.Name, err), stop())
		case local != nil:
			started = append(started, local)
		}
	}
	if len(left) == 0 {
		return stop, nil
	}
	standIns, err := startStandIns(ctx, left)
	if err != nil {
		return nil, errors.Join(err, stop())
	}
	started = append(started, standIns)
	return stop, nil
}

// errNoProgram says that only a stand-in is left.
var errNoProgram = errors.New("no program on the PATH")

// fromHere returns the process of the real server that it started; nil when the environment names one.
func (s *Server) fromHere(ctx context.Context) (*process, error) {
	if os.Getenv(s.Key) != "" {
		say("%s: using the server of %s", s.Name, s.Key)
		return nil, nil
	}
	for _, program := range s.Programs {
		if path, ok := program.lookUp(); ok {
			return s.startProgram(ctx, program, path)
		}
	}
	return nil, errNoProgram
}

func (s *Server) value(addr string) string {
	if s.Value == nil {
		return addr
	}
	return s.Value(addr)
}

// programs names what the server could be started from.
func (s *Server) programs() string {
	names := make([]string, 0, len(s.Programs))
	for _, program := range s.Programs {
		names = append(names, program.Name)
	}
	return strings.Join(names, " or ")
}

// Address returns the value of the server's key: where it is. A test of a package whose TestMain does not call [Main] with
// the server fails.
func (s Server) Address(tb testing.TB) string {
	tb.Helper()
	value := os.Getenv(s.Key)
	if value == "" {
		tb.Fatalf("no %s: %s is not set, and the package's TestMain does not call testserver.Main with this server", s.Name, s.Key)
	}
	return value
}

// NeedReal ends a test that needs what the stand-in lacks (say what: "row locks"): it is skipped, or fails when
// REQUIRE_REAL is 1. On a real server it does nothing.
func (s Server) NeedReal(tb testing.TB, what string) {
	tb.Helper()
	if !isStandIn(s.Key) {
		return
	}
	advice := fmt.Sprintf("the stand-in for %s has no %s: set %s", s.Name, what, s.Key)
	if len(s.Programs) > 0 {
		advice += ", or put " + s.programs() + " on the PATH"
	}
	if os.Getenv(requireRealKey) == "1" {
		tb.Fatal(advice)
	}
	tb.Skip(advice)
}

func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "testserver: "+format+"\n", args...)
}
