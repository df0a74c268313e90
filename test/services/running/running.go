// Package running builds services and runs them as processes, on real servers.
package running

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"create-service/templates/components/tls/platform/certtest"
)

// Service is a service that can be started and ended again and again, at the same addresses.
type Service struct {
	Name string
	// API, GRPC and Admin are host and port.
	API, GRPC, Admin string
	// Environ is what the next process is started with.
	Environ []string
	// Certificates is the directory of its certificate. Services that were built into the same directory trust one another.
	Certificates string
	// Log is the file with everything that it wrote.
	Log string

	binary string
	// client is how clients encrypt.
	client *tls.Config
	// reservations keep others from its ports.
	reservations []io.Closer
	process      *exec.Cmd
	// ended is closed when the process has ended.
	ended chan struct{}
}

// Build compiles the service examples/<name> below root into dir. Environ holds the keys that it is to be started with,
// beside those of its addresses.
func Build(ctx context.Context, root, dir, name string, environ ...string) (*Service, error) {
	return BuildFrom(ctx, filepath.Join(root, "examples", name), dir, name, environ...)
}

// BuildFrom compiles the service of that name in the directory source into dir.
func BuildFrom(ctx context.Context, source, dir, name string, environ ...string) (*Service, error) {
	s := &Service{Name: name, binary: filepath.Join(dir, name), Log: filepath.Join(dir, name+".log")}
	compile := exec.CommandContext(ctx, "go", "build", "-o", s.binary, "./cmd/"+name)
	compile.Dir = source
	if output, err := compile.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build %s: %w\n%s", name, err, output)
	}
	for _, addr := range []*string{&s.API, &s.GRPC, &s.Admin} {
		free, reservation, err := FreeAddr(ctx)
		if err != nil {
			return nil, err
		}
		*addr, s.reservations = free, append(s.reservations, reservation)
	}
	if err := s.certify(filepath.Join(dir, "certificates")); err != nil {
		return nil, err
	}
	s.Environ = append([]string{
		"PATH=" + os.Getenv("PATH"), "HTTP_ADDR=" + s.API, "GRPC_ADDR=" + s.GRPC, "ADMIN_ADDR=" + s.Admin, "SHUTDOWN_DELAY=0s",
		"TLS_DIR=" + s.Certificates,
	}, environ...)
	return s, nil
}

// certify makes the certificates of the service and of its clients.
func (s *Service) certify(dir string) error {
	if err := certtest.Development(dir, s.Name); err != nil {
		return err
	}
	s.Certificates = filepath.Join(dir, s.Name)
	files, err := certtest.Read(filepath.Join(dir, "client"))
	if err != nil {
		return err
	}
	s.client, err = files.ClientConfig()
	return err
}

// Client returns a client of the REST API, at https://API.
func (s *Service) Client() *http.Client {
	return &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{TLSClientConfig: s.client.Clone(), ForceAttemptHTTP2: true}}
}

// TLS is how clients encrypt.
func (s *Service) TLS() *tls.Config { return s.client.Clone() }

// Dial connects to the gRPC API.
func (s *Service) Dial() (*grpc.ClientConn, error) {
	return grpc.NewClient(s.GRPC, grpc.WithTransportCredentials(credentials.NewTLS(s.client)))
}

// Run runs a command of the service to its end.
func (s *Service) Run(ctx context.Context, args ...string) error {
	command, log, err := s.command(ctx, args...)
	if err != nil {
		return err
	}
	if err := errors.Join(command.Run(), log.Close()); err != nil {
		return fmt.Errorf("%s %v: %w\n%s", s.Name, args, err, s.lastWords())
	}
	return nil
}

// Serve starts the service, with flags of its command serve, and returns when it is ready.
func (s *Service) Serve(ctx context.Context, flags ...string) error {
	process, log, err := s.command(context.WithoutCancel(ctx), append([]string{"serve"}, flags...)...)
	if err != nil {
		return err
	}
	if err := errors.Join(process.Start(), log.Close()); err != nil {
		return err
	}
	ended := make(chan struct{})
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
			return fmt.Errorf("%s ended: %s\n%s", s.Name, process.ProcessState, s.lastWords())
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return fmt.Errorf("%s was not ready in time; see %s", s.Name, s.Log)
}

// lastWords are the last lines of the log.
func (s *Service) lastWords() []byte {
	const size = 4 << 10
	log, err := os.ReadFile(s.Log)
	if err != nil {
		return []byte(err.Error())
	}
	return log[max(0, len(log)-size):]
}

// command returns a command of the service and the file that it writes to, to be closed once it is started.
func (s *Service) command(ctx context.Context, args ...string) (*exec.Cmd, io.Closer, error) {
	log, err := os.OpenFile(s.Log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, err
	}
	command := exec.CommandContext(ctx, s.binary, args...)
	command.Env, command.Stdout, command.Stderr = s.Environ, log, log
	return command, log, nil
}

func (s *Service) isReady(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.Admin+"/readyz", http.NoBody)
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

// PID is that of the process; only a service that serves has one.
func (s *Service) PID() int { return s.process.Process.Pid }

// Kill ends the process as a crash does.
func (s *Service) Kill() error { return s.signal(syscall.SIGKILL) }

// Stop ends the process as Kubernetes does. It does nothing when none runs.
func (s *Service) Stop() error { return s.signal(syscall.SIGTERM) }

// Pause keeps the process from doing anything, as if it hung: its connections stay, and nobody answers.
func (s *Service) Pause() error { return s.process.Process.Signal(syscall.SIGSTOP) }

// Resume lets a process that was paused go on.
func (s *Service) Resume() error { return s.process.Process.Signal(syscall.SIGCONT) }

func (s *Service) signal(which syscall.Signal) error {
	if s == nil || s.process == nil {
		return nil
	}
	if err := s.process.Process.Signal(which); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	<-s.ended
	s.process = nil
	return nil
}

// FreeAddr returns an address of this machine that nothing listens on. Its port lies below those that systems hand out by
// themselves (32768–60999 on Linux, 49152–65535 for IANA and others) and below those that the scripts of test/servers
// take, so that no connection of another process can take it in the meantime, not even one that has ended and waits
// (TIME_WAIT). Nor do others who ask get it until the reservation, the same port of UDP, is closed.
func FreeAddr(ctx context.Context) (addr string, reservation io.Closer, err error) {
	const lowest, ports, attempts = 10_000, 10_000, 100
	for range attempts {
		addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(lowest+rand.IntN(ports)))
		if reservation, err = reserve(ctx, addr); err == nil {
			return addr, reservation, nil
		}
	}
	return "", nil, fmt.Errorf("no free port: %w", err)
}

// reserve fails when somebody listens on the address, or has reserved it.
func reserve(ctx context.Context, addr string) (io.Closer, error) {
	reservation, err := new(net.ListenConfig).ListenPacket(ctx, "udp", addr)
	if err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, errors.Join(err, reservation.Close())
	}
	return reservation, listener.Close()
}
