package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// service is one of the two under test.
type service struct {
	name    string
	binary  string
	environ []string
	// api and admin are host and port.
	api, admin string
	log        *os.File

	process *exec.Cmd
	// ended is closed when the process has ended.
	ended chan struct{}
}

// build compiles a service of examples/ and gives it addresses that it keeps when it is started anew.
func build(ctx context.Context, root, dir, name string, environ ...string) (*service, error) {
	s := &service{name: name, binary: filepath.Join(dir, name)}
	compile := exec.CommandContext(ctx, "go", "build", "-o", s.binary, "./cmd/"+name)
	compile.Dir = filepath.Join(root, "examples", name)
	if output, err := compile.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build %s: %w\n%s", name, err, output)
	}
	var err error
	if s.log, err = os.Create(filepath.Join(dir, name+".log")); err != nil {
		return nil, err
	}
	addresses := make([]string, 3)
	for i := range addresses {
		if addresses[i], err = freeAddr(ctx); err != nil {
			return nil, err
		}
	}
	s.api, s.admin = addresses[0], addresses[1]
	s.environ = append([]string{
		"PATH=" + os.Getenv("PATH"), "HTTP_ADDR=" + s.api, "ADMIN_ADDR=" + s.admin, "GRPC_ADDR=" + addresses[2], "SHUTDOWN_DELAY=0s",
	}, environ...)
	return s, nil
}

// run runs a command of the service to its end.
func (s *service) run(ctx context.Context, args ...string) error {
	command := s.command(ctx, args...)
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s %v: %w", s.name, args, err)
	}
	return nil
}

func (s *service) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, s.binary, args...)
	command.Env, command.Stdout, command.Stderr = s.environ, s.log, s.log
	return command
}

// serve starts the service and waits until it is ready.
func (s *service) serve(ctx context.Context) error {
	process, ended := s.command(context.WithoutCancel(ctx), "serve"), make(chan struct{})
	if err := process.Start(); err != nil {
		return err
	}
	s.process, s.ended = process, ended
	go func() {
		_ = process.Wait()
		close(ended)
	}()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); {
		if s.isReady(ctx) {
			return nil
		}
		select {
		case <-ended:
			return fmt.Errorf("%s ended: %s", s.name, process.ProcessState)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return fmt.Errorf("%s was not ready in time", s.name)
}

func (s *service) isReady(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.admin+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_, _ = io.Copy(io.Discard, response.Body)
	return response.Body.Close() == nil && response.StatusCode == http.StatusOK
}

// kill ends the process as a crash does.
func (s *service) kill() error { return s.signal(syscall.SIGKILL) }

// stop ends the process as Kubernetes does.
func (s *service) stop() error { return s.signal(syscall.SIGTERM) }

func (s *service) signal(which syscall.Signal) error {
	if s == nil || s.process == nil {
		return nil
	}
	if err := s.process.Process.Signal(which); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("%s: %w", s.name, err)
	}
	<-s.ended
	s.process = nil
	return nil
}

func freeAddr(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
