package stack_test

import (
	"context"
	"flag"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"create-service/templates/devstack/mysqlstandin"
	"create-service/templates/devstack/stack"
)

// servers declares the stand-in that the tests start.
func servers(flags *flag.FlagSet) stack.Starter {
	mysql := mysqlstandin.Flags(flags)
	return func(ctx context.Context) ([]stack.Server, error) {
		started, err := mysqlstandin.Start(ctx, mysql)
		if err != nil {
			return nil, err
		}
		return []stack.Server{started}, nil
	}
}

// nowhere is where what nobody reads goes.
type nowhere struct{}

func (nowhere) Write(p []byte) (int, error) { return len(p), nil }

func (nowhere) Close() error { return nil }

func TestWritesAddressesAndStopsAtEOF(t *testing.T) {
	out := filepath.Join(t.TempDir(), "addresses.env")
	stdin, hangUp := io.Pipe()
	printed, stdout := io.Pipe()
	ended := make(chan error)
	go func() { ended <- stack.Run(t.Context(), servers, []string{"-until-eof", "-out", out}, stdin, stdout) }()
	text, err := io.ReadAll(printed)
	if err != nil {
		t.Fatal(err)
	}
	addr, found := strings.CutPrefix(strings.Split(string(text), "\n")[0], "MYSQL_ADDR=")
	if !found {
		t.Fatalf("got %q, want MYSQL_ADDR first", text)
	}
	connection, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if err := hangUp.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(out)
	if err != nil || string(written) != string(text) {
		t.Fatalf("wrote %q and %v, want what was printed: %q", written, err, text)
	}
}

func TestCommandFindsTheServers(t *testing.T) {
	out := filepath.Join(t.TempDir(), "seen")
	t.Setenv("SEEN", out)
	script := `echo "$MYSQL_ADDR $MYSQL_DATABASE $MYSQL_USER" >"$SEEN"`
	if err := stack.Run(t.Context(), servers, []string{"-mysql-database", "orders", "sh", "-c", script}, nil, nowhere{}); err != nil {
		t.Fatal(err)
	}
	seen, err := os.ReadFile(out)
	if err != nil || !strings.HasPrefix(string(seen), "127.0.0.1:") || !strings.HasSuffix(string(seen), " orders root\n") {
		t.Fatalf("the command saw %q (%v)", seen, err)
	}
}

func TestCommandsFailureIsReturned(t *testing.T) {
	if err := stack.Run(t.Context(), servers, []string{"sh", "-c", "exit 7"}, nil, nowhere{}); err == nil || err.Error() != "exit status 7" {
		t.Fatalf("got %v, want exit status 7", err)
	}
}

func TestAddressInUseIsAnError(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	err = stack.Run(t.Context(), servers, []string{"-mysql-addr", taken.Addr().String()}, nil, nowhere{})
	if err == nil || !strings.Contains(err.Error(), "mysql stand-in") {
		t.Fatalf("got %v, want an error of the stand-in", err)
	}
}
