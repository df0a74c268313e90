package testserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// startStandIns builds devstack if it has changed since the last time, starts it once for all the servers, and sets their
// keys.
func startStandIns(ctx context.Context, servers []Server) (*process, error) {
	module, err := devstack()
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, reasons(servers))
	}
	if err := build(ctx, module); err != nil {
		return nil, fmt.Errorf("build the stand-ins: %w", err)
	}
	command := exec.CommandContext(ctx, "./.bin/devstack", "-until-eof")
	command.Dir = module
	command.Stderr = os.Stderr
	lifeline, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(output)
	started := attend("devstack", command, lifeline)
	if err == nil {
		err = nameStandIns(string(text), servers)
	}
	if err != nil {
		return nil, errors.Join(err, started.stop())
	}
	return started, nil
}

// nameStandIns sets the keys of the servers to the addresses in the KEY=value lines that devstack printed.
func nameStandIns(text string, servers []Server) error {
	addresses := map[string]string{}
	for line := range strings.Lines(text) {
		key, addr, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		addresses[key] = addr
	}
	for _, s := range servers {
		addr, found := addresses[s.StandIn]
		if !found {
			return fmt.Errorf("%s: devstack did not print %s", s.Name, s.StandIn)
		}
		if err := s.nameStandIn(addr); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) nameStandIn(addr string) error {
	say("%s: using the stand-in, as %s", s.Name, s.reason())
	standIns := s.Key
	if others := os.Getenv(standInsKey); others != "" {
		standIns = others + "," + s.Key
	}
	return errors.Join(os.Setenv(s.Key, s.value(addr)), os.Setenv(standInsKey, standIns))
}

// isStandIn reports whether what key names is a stand-in.
func isStandIn(key string) bool {
	return slices.Contains(strings.Split(os.Getenv(standInsKey), ","), key)
}

// reason says why there is no real server.
func (s *Server) reason() string {
	reason := s.Key + " is not set"
	if len(s.Programs) > 0 {
		reason += " and no " + s.programs() + " is on the PATH"
	}
	return reason
}

func reasons(servers []Server) string {
	lines := make([]string, 0, len(servers))
	for _, s := range servers {
		lines = append(lines, s.Name+": "+s.reason())
	}
	return strings.Join(lines, "\n")
}

// devstack returns the directory of the module with the stand-ins: beside the go.mod of the code under test.
func devstack() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		module := filepath.Join(dir, "devstack")
		if _, err := os.Stat(filepath.Join(module, "go.mod")); err == nil {
			return module, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no server, and no module devstack with stand-ins")
		}
		dir = parent
	}
}

// build makes .bin/devstack unless it is newer than its source. Tests of several packages may do so at once: each
// moves a complete file into place.
func build(ctx context.Context, module string) error {
	program := filepath.Join(module, ".bin", "devstack")
	if isCurrent(program, module) {
		return nil
	}
	say("building the stand-ins, which takes about a minute the first time")
	fresh := fmt.Sprintf("%s-%d", program, os.Getpid())
	command := exec.CommandContext(ctx, "go", "build", "-tags", "gms_pure_go,ferretdb_no_postgresql")
	command.Args = append(command.Args, "-o", fresh, ".")
	command.Dir = module
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, output)
	}
	return os.Rename(fresh, program)
}

// isCurrent reports whether no file of the module is newer than the program.
func isCurrent(program, module string) bool {
	built, err := os.Stat(program)
	if err != nil {
		return false
	}
	current := true
	err = filepath.WalkDir(module, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if entry.Name() == ".bin" {
				return fs.SkipDir
			}
			return nil
		}
		info, err := entry.Info()
		current = current && err == nil && !info.ModTime().After(built.ModTime())
		return err
	})
	return current && err == nil
}
