package testserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// readyTimeout bounds the start of a server.
const readyTimeout = 30 * time.Second

// supervise runs "$2…" until it ends or standard input does, then deletes the directory "$1". An interrupt from the
// terminal ends the tests, and only thereby the server. Whoever reads standard error may be gone.
const supervise = `trap '' INT
dir=$1; shift
exec 3<&0
"$@" </dev/null >"$dir/log" 2>&1 3<&- & server=$!
{ read -r _ <&3; kill $server; } & reader=$!
trap '' PIPE
wait $server
kill $reader 2>/dev/null
cat "$dir/log" >&2; cd /; rm -rf "$dir"`

func (p *Program) lookUp() (path string, ok bool) {
	path, err := exec.LookPath(p.Name)
	return path, err == nil
}

// startProgram starts a real server in a directory of its own and sets the server's key.
func (s *Server) startProgram(ctx context.Context, program Program, path string) (*process, error) {
	dir, err := os.MkdirTemp("", "testserver-")
	if err != nil {
		return nil, err
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := program.prepare(ctx, dir); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	command := exec.CommandContext(ctx, "sh", "-c", supervise, "testserver")
	command.Args = append(command.Args, dir, path)
	command.Args = append(command.Args, program.Arguments(dir, port)...)
	command.Dir, command.Env = dir, privately(dir)
	var log bytes.Buffer
	command.Stderr = &log
	lifeline, err := command.StdinPipe()
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := command.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	started := attend(path, command, lifeline)
	value := s.value(net.JoinHostPort("127.0.0.1", port))
	if err := s.awaitReady(ctx, value, started.ended); err != nil {
		err = errors.Join(err, started.stop())
		return nil, fmt.Errorf("%s: %w\n%s", path, err, &log)
	}
	say("%s: using %s", s.Name, path)
	if err := os.Setenv(s.Key, value); err != nil {
		return nil, errors.Join(err, started.stop())
	}
	return started, nil
}

func (p *Program) prepare(ctx context.Context, dir string) error {
	if p.Prepare == nil {
		return nil
	}
	command := p.Prepare(ctx, dir)
	command.Dir, command.Env = dir, privately(dir)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", command.Path, err, output)
	}
	return nil
}

// privately returns an environment for a server whose files are in dir. Some delete the temporary files that they find
// at their start, whoever made them.
func privately(dir string) []string { return append(os.Environ(), "TMPDIR="+dir) }

// awaitReady returns when the server does what tests ask of it, and fails when it has ended before.
func (s *Server) awaitReady(ctx context.Context, value string, ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for {
		err := s.Ready(ctx, value)
		if err == nil {
			return nil
		}
		select {
		case <-ended:
			return errors.New("the server ended at once")
		case <-ctx.Done():
			return fmt.Errorf("the server did not get ready: %w", err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// freePort returns a port of 127.0.0.1 that nothing listens on. It is below those that systems give to connections, so that
// none takes it before the server does, nor one that has ended keeps it. Processes begin to look at different ports.
func freePort(ctx context.Context) (string, error) {
	const lowest, ports, apart = 10_000, 20_000, 64
	var problem error
	for i := range ports {
		var listener net.Listener
		port := strconv.Itoa(lowest + (os.Getpid()*apart+i)%ports)
		listener, problem = new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", port))
		if problem == nil {
			return port, listener.Close()
		}
		if ctx.Err() != nil {
			break
		}
	}
	return "", fmt.Errorf("no free port: %w", problem)
}
