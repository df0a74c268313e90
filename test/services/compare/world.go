package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"create-service/test/services/running"
)

// world is everything that runs.
type world struct {
	options
	dir       string
	servers   running.Servers
	generated *running.Service
	byHand    *byHand
	// paths are those of the orders.
	paths []string
}

// byHand is a process of the service in baseline.
type byHand struct {
	addr string
	// reservation keeps others from its port.
	reservation io.Closer
	process     *exec.Cmd
}

// start starts the servers and both services, and makes the orders.
func (w *world) start(ctx context.Context) error {
	if err := w.servers.Start(ctx, "mariadb", "otel"); err != nil {
		return err
	}
	dsn, err := w.servers.Do(ctx, "mariadb", "dsn")
	if err != nil {
		return err
	}
	collector, err := w.servers.Do(ctx, "otel", "addr")
	if err != nil {
		return err
	}
	cfg, err := running.Database(ctx, dsn, "compared")
	if err != nil {
		return err
	}
	w.generated, err = running.BuildFrom(ctx, w.source, w.dir, "matrix",
		"MYSQL_ADDR="+cfg.Addr, "MYSQL_USER="+cfg.User, "MYSQL_PASSWORD="+cfg.Passwd, "MYSQL_DATABASE="+cfg.DBName,
		"OTEL_EXPORTER_OTLP_ENDPOINT=http://"+collector, "GOGC="+w.gogc)
	if err != nil {
		return err
	}
	if err := errors.Join(w.generated.Run(ctx, "migrate"), w.generated.Serve(ctx)); err != nil {
		return err
	}
	if w.byHand, err = w.startByHand(ctx, cfg.FormatDSN()); err != nil {
		return err
	}
	if err := w.populate(ctx); err != nil {
		return err
	}
	return w.sameAnswers(ctx)
}

func (w *world) startByHand(ctx context.Context, dsn string) (*byHand, error) {
	binary := filepath.Join(w.dir, "baseline")
	compile := exec.CommandContext(ctx, "go", "build", "-o", binary, "./baseline")
	compile.Dir = filepath.Join(w.root, "test/services")
	if output, err := compile.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build baseline: %w\n%s", err, output)
	}
	addr, reservation, err := running.FreeAddr(ctx)
	if err != nil {
		return nil, err
	}
	process := exec.CommandContext(context.WithoutCancel(ctx), binary)
	process.Env = []string{"ADDR=" + addr, "DSN=" + dsn, "GOGC=" + w.gogc}
	process.Stderr = os.Stderr
	return &byHand{addr: addr, reservation: reservation, process: process}, process.Start()
}

func (w *world) stop(ctx context.Context) error {
	var problems []error
	if w.byHand != nil {
		problems = append(problems, w.byHand.process.Process.Signal(syscall.SIGTERM), w.byHand.process.Wait())
	}
	return errors.Join(append(problems, w.generated.Stop(), w.servers.Stop(ctx))...)
}

// populate makes the orders, through the generated service.
func (w *world) populate(ctx context.Context) error {
	for range w.orders {
		const body = `{"customer_id": "0190a6c2-7b1e-7d3a-9f00-00000000000a", "email": "somebody@example.com", "total": "12.50", "note": "Leave it at the door."}`
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+w.generated.API+"/v1/orders", strings.NewReader(body))
		if err != nil {
			return err
		}
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil {
			return err
		}
		if response.StatusCode != http.StatusCreated {
			return fmt.Errorf("create an order: %d: %s", response.StatusCode, text)
		}
		w.paths = append(w.paths, response.Header.Get("Location"))
	}
	return nil
}

// sameAnswers checks that both services answer with the same bytes.
func (w *world) sameAnswers(ctx context.Context) error {
	for _, path := range w.paths {
		bodies := map[string][]byte{}
		for _, addr := range []string{w.generated.API, w.byHand.addr} {
			body, err := w.get(ctx, addr, path)
			if err != nil {
				return err
			}
			bodies[addr] = body
		}
		if a, b := bodies[w.generated.API], bodies[w.byHand.addr]; !bytes.Equal(a, b) {
			return fmt.Errorf("the answers differ:\n%s\n%s", a, b)
		}
	}
	return nil
}

// get returns the answer without the space around it. A service that has just started is waited for.
func (w *world) get(ctx context.Context, addr, path string) ([]byte, error) {
	for attempt := 0; ; attempt++ {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+path, http.NoBody)
		if err != nil {
			return nil, err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			if attempt < 100 {
				time.Sleep(50 * time.Millisecond)
				continue
			}
			return nil, err
		}
		body, err := io.ReadAll(response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil {
			return nil, err
		}
		if response.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("GET %s: %d: %s", path, response.StatusCode, body)
		}
		return bytes.TrimSpace(body), nil
	}
}
