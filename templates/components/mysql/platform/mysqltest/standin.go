package mysqltest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// startStandIn builds the stand-in if it has changed since the last time, and starts it.
func startStandIn(ctx context.Context) (*server, error) {
	module, err := devstack()
	if err != nil {
		return nil, err
	}
	if err := build(ctx, module); err != nil {
		return nil, fmt.Errorf("build the stand-in: %w", err)
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
	started := &server{what: "the stand-in, as no mariadbd or mysqld is on the PATH", lifeline: lifeline, process: command}
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if addr, found := strings.CutPrefix(lines.Text(), "MYSQL_ADDR="); found {
			started.dsn = dsnOf(addr)
			return started, nil
		}
	}
	return nil, errors.Join(errors.New("the stand-in named no address"), lines.Err(), started.stop())
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
			return "", fmt.Errorf("no server: %s is not set, there is no mariadbd or mysqld on the PATH, and no module devstack", dsnKey)
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
	say("building the stand-in, which takes about a minute the first time")
	fresh := fmt.Sprintf("%s-%d", program, os.Getpid())
	command := exec.CommandContext(ctx, "go", "build", "-tags", "gms_pure_go")
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
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		current = current && err == nil && !info.ModTime().After(built.ModTime())
		return err
	})
	return current && err == nil
}
