package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// servers are the real ones, each of a script.
type servers struct {
	scripts string
	dir     string
	started []string
}

// do runs one action of a script and returns what it prints.
func (s *servers) do(ctx context.Context, name, action string) (string, error) {
	command := exec.CommandContext(ctx, filepath.Join(s.scripts, name+".sh"), action)
	command.Env = append(os.Environ(), "DATA_DIR="+s.dir)
	var complaints bytes.Buffer
	command.Stderr = &complaints
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, action, err, &complaints)
	}
	return strings.TrimSpace(string(output)), nil
}

// start starts the servers.
func (s *servers) start(ctx context.Context, names ...string) error {
	for _, name := range names {
		s.started = append(s.started, name)
		if _, err := s.do(ctx, name, "start"); err != nil {
			return err
		}
	}
	return nil
}

func (s *servers) stop(ctx context.Context) error {
	var problems []error
	for _, name := range s.started {
		if _, err := s.do(ctx, name, "stop"); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}
