// Package stack starts stand-ins for the servers that a service depends on, says where they are, and stops them.
package stack

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
)

// Server is one stand-in that runs.
type Server interface {
	// Environment returns the KEY=value lines by which the service finds the server.
	Environment() []string
	Close() error
}

// Starter starts every stand-in with the flags that were parsed. Those that were started are returned even when a
// later one fails.
type Starter func(ctx context.Context) (running []Server, err error)

// Main runs the stand-ins until it is told to stop, and exits. Declare adds the flags of the stand-ins.
func Main(declare func(flags *flag.FlagSet) Starter) {
	if err := Run(context.Background(), declare, os.Args[1:], os.Stdin, os.Stdout); err != nil {
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			os.Exit(exit.ExitCode())
		}
		fmt.Fprintln(os.Stderr, "devstack:", err)
		os.Exit(1)
	}
}

// Run is [Main] without the exit: with arguments it runs them as a command that finds the stand-ins in its environment,
// and ends with it; without, it runs until an interrupt or, with -until-eof, until stdin ends. In that case it closes
// stdout after the last address, so that a program can read all of them without knowing how many there are.
func Run(ctx context.Context, declare func(*flag.FlagSet) Starter, args []string, stdin io.Reader, stdout io.WriteCloser) (err error) {
	flags := flag.NewFlagSet("devstack", flag.ContinueOnError)
	out := flags.String("out", "", "file to write the servers' addresses to once they accept connections")
	untilEOF := flags.Bool("until-eof", false, "stop when standard input ends, so also when the parent dies")
	start := declare(flags)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	running, err := start(ctx)
	defer func() { err = errors.Join(err, closeAll(running)) }()
	if err != nil {
		return err
	}
	environment := environmentOf(running)
	if flags.NArg() > 0 {
		// What the command prints is not to be mixed with anything.
		if err := announce(environment, *out, io.Discard); err != nil {
			return err
		}
		return runCommand(ctx, flags.Args(), environment)
	}
	if err := announce(environment, *out, stdout); err != nil {
		return err
	}
	if *untilEOF {
		return errors.Join(stdout.Close(), waitForEOF(ctx, stdin))
	}
	<-ctx.Done()
	return nil
}

func environmentOf(running []Server) []string {
	var all []string
	for _, s := range running {
		all = append(all, s.Environment()...)
	}
	return all
}

// announce prints the environment and writes it to path, whole or not at all, since somebody may be waiting for it.
func announce(environment []string, path string, stdout io.Writer) error {
	text := strings.Join(environment, "\n") + "\n"
	if _, err := io.WriteString(stdout, text); err != nil {
		return err
	}
	if path == "" {
		return nil
	}
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// runCommand runs the command until it ends. An interrupt from the terminal reaches the command by itself, as both are
// in the foreground; SIGTERM does not, and is passed on.
func runCommand(ctx context.Context, args, environment []string) error {
	path, err := exec.LookPath(args[0])
	if err != nil {
		return err
	}
	command := exec.Cmd{
		Path: path, Args: args, Env: append(os.Environ(), environment...),
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	}
	if err := command.Start(); err != nil {
		return err
	}
	terminated, stop := signal.NotifyContext(context.WithoutCancel(ctx), syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(terminated, func() { _ = command.Process.Signal(syscall.SIGTERM) })()
	return command.Wait()
}

// waitForEOF returns when stdin ends or ctx does.
func waitForEOF(ctx context.Context, stdin io.Reader) error {
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, stdin)
		ended <- err
	}()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return nil
	}
}

func closeAll(running []Server) error {
	problems := make([]error, 0, len(running))
	for _, s := range running {
		problems = append(problems, s.Close())
	}
	return errors.Join(problems...)
}
