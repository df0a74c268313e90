package running

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

// Servers are the real ones, each of a script of test/servers.
type Servers struct {
	// Scripts is the directory of the scripts.
	Scripts string
	// Dir is where the servers keep their data.
	Dir string
	// Environ is added to the environment of the scripts.
	Environ []string

	started []string
}

// Do runs one action of a script and returns what it prints.
func (s *Servers) Do(ctx context.Context, name, action string) (string, error) {
	command := exec.CommandContext(ctx, filepath.Join(s.Scripts, name+".sh"), action)
	command.Env = append(append(os.Environ(), "DATA_DIR="+s.Dir), s.Environ...)
	var complaints bytes.Buffer
	command.Stderr = &complaints
	output, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, action, err, &complaints)
	}
	return strings.TrimSpace(string(output)), nil
}

// Start starts the servers.
func (s *Servers) Start(ctx context.Context, names ...string) error {
	for _, name := range names {
		s.started = append(s.started, name)
		if _, err := s.Do(ctx, name, "start"); err != nil {
			return err
		}
	}
	return nil
}

// Stop ends all that were started.
func (s *Servers) Stop(ctx context.Context) error {
	var problems []error
	for _, name := range s.started {
		if _, err := s.Do(ctx, name, "stop"); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}
