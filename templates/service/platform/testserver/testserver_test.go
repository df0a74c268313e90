package testserver_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"create-service/templates/service/platform/testserver"
)

// The test binary is also the server that the tests start, and a test binary that can be killed.
func TestMain(m *testing.M) {
	switch filepath.Base(os.Args[0]) {
	case "echoserver":
		exit(serveEcho(os.Args[1], os.Args[2]))
	case "brokenserver":
		exit(errors.New("out of luck"))
	case "parent":
		exit(startAndWait(os.Stdin))
	}
	os.Exit(m.Run())
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stdout, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// serveEcho sends everybody the content of a file.
func serveEcho(port, file string) error {
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return err
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		_, _ = connection.Write(text)
		_ = connection.Close()
	}
}

// startAndWait starts a server, says where it is, and waits to be killed.
func startAndWait(stdin io.Reader) error {
	if _, err := testserver.Start(context.Background(), echo()); err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, os.Getenv("TEST_ECHO_ADDR"))
	_, err := io.Copy(io.Discard, stdin)
	return err
}

// echo can be started from the program "echoserver", and has a stand-in.
func echo() testserver.Server {
	return testserver.Server{
		Name:    "Echo",
		Key:     "TEST_ECHO_ADDR",
		Value:   func(addr string) string { return "echo://" + addr },
		StandIn: "ECHO_ADDR",
		Programs: []testserver.Program{{
			Name: "echoserver",
			Prepare: func(ctx context.Context, dir string) *exec.Cmd {
				return exec.CommandContext(ctx, "sh", "-c", "printf %s "+dir+" >prepared")
			},
			Arguments: func(dir, port string) []string {
				return []string{port, filepath.Join(dir, "prepared")}
			},
		}},
		Ready: func(ctx context.Context, value string) error {
			_, err := ask(ctx, value)
			return err
		},
	}
}

// ask returns what the server sends, which is its directory.
func ask(ctx context.Context, value string) (string, error) {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", strings.TrimPrefix(value, "echo://"))
	if err != nil {
		return "", err
	}
	defer connection.Close()
	text, err := io.ReadAll(connection)
	return string(text), err
}

// onPath puts the test binary under the given names on the PATH, in front of what is there.
func onPath(t *testing.T, names ...string) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	dir := t.TempDir()
	for _, name := range names {
		require.NoError(t, os.Symlink(self, filepath.Join(dir, name)))
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// unset makes the environment name no server for the length of a test, whatever the test itself sets.
func unset(t *testing.T, keys ...string) {
	t.Helper()
	for _, key := range append(keys, "TEST_STAND_INS", "REQUIRE_REAL") {
		t.Setenv(key, "")
	}
}

func TestTheEnvironmentComesFirst(t *testing.T) {
	onPath(t, "echoserver")
	t.Setenv("TEST_ECHO_ADDR", "echo://elsewhere")
	stop, err := testserver.Start(t.Context(), echo())
	require.NoError(t, err)
	require.Equal(t, "echo://elsewhere", echo().Address(t))
	require.NoError(t, stop())
}

func TestAProgramIsStartedInADirectoryOfItsOwn(t *testing.T) {
	unset(t, "TEST_ECHO_ADDR")
	onPath(t, "echoserver")
	stop, err := testserver.Start(t.Context(), echo())
	require.NoError(t, err)
	echo().NeedReal(t, "anything")
	dir, err := ask(t.Context(), echo().Address(t))
	require.NoError(t, err)
	require.DirExists(t, dir)
	require.NoError(t, stop())
	require.NoDirExists(t, dir)
	_, err = ask(t.Context(), echo().Address(t))
	require.Error(t, err, "the server outlived its tests")
}

func TestAKilledTestLeavesNothing(t *testing.T) {
	unset(t, "TEST_ECHO_ADDR")
	onPath(t, "echoserver", "parent")
	parent := exec.CommandContext(t.Context(), "parent")
	output, err := parent.StdoutPipe()
	require.NoError(t, err)
	_, err = parent.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	lines := bufio.NewScanner(output)
	require.True(t, lines.Scan(), "the parent named no server")
	value := lines.Text()
	dir, err := ask(t.Context(), value)
	require.NoError(t, err)

	require.NoError(t, parent.Process.Kill())
	require.Error(t, parent.Wait())
	require.Eventually(t, func() bool {
		_, asked := ask(t.Context(), value)
		_, found := os.Stat(dir)
		return asked != nil && errors.Is(found, os.ErrNotExist)
	}, 10*time.Second, 20*time.Millisecond)
}

func TestAServerThatEndsIsReported(t *testing.T) {
	unset(t, "TEST_ECHO_ADDR")
	onPath(t, "brokenserver")
	broken := echo()
	broken.Programs[0].Name = "brokenserver"
	began := time.Now()
	_, err := testserver.Start(t.Context(), broken)
	require.ErrorContains(t, err, "out of luck")
	require.Less(t, time.Since(began), 10*time.Second)
}

func TestADirectoryThatCannotBePreparedIsReported(t *testing.T) {
	unset(t, "TEST_ECHO_ADDR")
	onPath(t, "echoserver")
	full := echo()
	full.Programs[0].Prepare = func(ctx context.Context, _ string) *exec.Cmd {
		return exec.CommandContext(ctx, "sh", "-c", "echo no space left; exit 1")
	}
	_, err := testserver.Start(t.Context(), full)
	require.ErrorContains(t, err, "no space left")
}

// devstackSource prints an address for each of its servers, and when it is started writes a line to the file "starts".
const devstackSource = `package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	starts, _ := os.OpenFile("starts", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	fmt.Fprintln(starts, os.Args[1:])
	fmt.Println("ECHO_ADDR=127.0.0.1:1")
	fmt.Println("ECHO_USER=nobody")
	fmt.Println("OTHER_ADDR=127.0.0.1:2")
	os.Stdout.Close()
	io.Copy(io.Discard, os.Stdin)
	fmt.Fprintln(starts, "stopped")
}
`

// inModule makes a module with stand-ins and a directory somewhere in it the working directory; it returns the directory of
// the stand-ins.
func inModule(t *testing.T) string {
	t.Helper()
	module := t.TempDir()
	standIns, deep := filepath.Join(module, "devstack"), filepath.Join(module, "test/e2e")
	require.NoError(t, os.MkdirAll(deep, 0o700))
	require.NoError(t, os.MkdirAll(standIns, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(standIns, "go.mod"), []byte("module devstack\n\ngo 1.26\n"), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(standIns, "main.go"), []byte(devstackSource), 0o600))
	t.Chdir(deep)
	return standIns
}

func other() testserver.Server {
	return testserver.Server{Name: "Other", Key: "TEST_OTHER_ADDR", StandIn: "OTHER_ADDR"}
}

func TestOneProcessStandsInForAllThatAreLeft(t *testing.T) {
	unset(t, "TEST_ECHO_ADDR", "TEST_OTHER_ADDR")
	standIns := inModule(t)
	stop, err := testserver.Start(t.Context(), echo(), other())
	require.NoError(t, err)
	require.Equal(t, "echo://127.0.0.1:1", echo().Address(t))
	require.Equal(t, "127.0.0.1:2", other().Address(t))
	require.NoError(t, stop())
	starts, err := os.ReadFile(filepath.Join(standIns, "starts"))
	require.NoError(t, err)
	require.Equal(t, "[-until-eof]\nstopped\n", string(starts))
}

func TestARealServerBesideAStandIn(t *testing.T) {
	unset(t, "TEST_ECHO_ADDR", "TEST_OTHER_ADDR")
	inModule(t)
	onPath(t, "echoserver")
	stop, err := testserver.Start(t.Context(), echo(), other())
	require.NoError(t, err)
	_, err = ask(t.Context(), echo().Address(t))
	require.NoError(t, err)
	echo().NeedReal(t, "anything")
	require.True(t, t.Run("skipped", func(t *testing.T) {
		other().NeedReal(t, "anything")
		t.Error("a test that needs a real server ran on a stand-in")
	}))
	require.NoError(t, stop())
}

func TestStandInsAreBuiltWhenTheyHaveChanged(t *testing.T) {
	unset(t, "TEST_ECHO_ADDR", "TEST_OTHER_ADDR")
	standIns := inModule(t)
	built := func() time.Time {
		t.Setenv("TEST_ECHO_ADDR", "")
		stop, err := testserver.Start(t.Context(), echo())
		require.NoError(t, err)
		require.NoError(t, stop())
		info, err := os.Stat(filepath.Join(standIns, ".bin/devstack"))
		require.NoError(t, err)
		return info.ModTime()
	}
	first := built()
	require.NoError(t, os.Remove(filepath.Join(standIns, "starts")))
	require.Equal(t, first, built())
	require.NoError(t, os.Chtimes(filepath.Join(standIns, "main.go"), time.Now(), time.Now().Add(time.Hour)))
	require.NotEqual(t, first, built())
}

func TestWithoutAnyServerTheReasonIsGiven(t *testing.T) {
	unset(t, "TEST_ECHO_ADDR")
	t.Chdir(t.TempDir())
	_, err := testserver.Start(t.Context(), echo())
	require.ErrorContains(t, err, "Echo: TEST_ECHO_ADDR is not set and no echoserver is on the PATH")
}

func TestAStandInThatIsNotThereIsReported(t *testing.T) {
	unset(t, "TEST_LOST_ADDR")
	inModule(t)
	_, err := testserver.Start(t.Context(), testserver.Server{Name: "Lost", Key: "TEST_LOST_ADDR", StandIn: "LOST_ADDR"})
	require.ErrorContains(t, err, "devstack did not print LOST_ADDR")
}
