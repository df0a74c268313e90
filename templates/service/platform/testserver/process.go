package testserver

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// process is a server that this process started.
type process struct {
	// what is it, for a person.
	what string
	// lifeline is the server's standard input. It ends itself when that ends, so also when the tests are killed.
	lifeline io.Closer
	// ended is closed when the server has ended; err is valid from then on.
	ended chan struct{}
	err   error
}

// attend returns the process of a command that was started.
func attend(what string, command *exec.Cmd, lifeline io.Closer) *process {
	p := &process{what: what, lifeline: lifeline, ended: make(chan struct{})}
	go func() {
		p.err = command.Wait()
		close(p.ended)
	}()
	return p
}

func (p *process) stop() error {
	// When the server has ended, its input is closed.
	if err := p.lifeline.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("stop %s: %w", p.what, err)
	}
	<-p.ended
	if p.err != nil {
		return fmt.Errorf("%s: %w", p.what, p.err)
	}
	return nil
}
