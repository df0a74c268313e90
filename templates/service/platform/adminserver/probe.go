package adminserver

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// probeTimeout is below the 3 s that container runtimes give a health check.
const probeTimeout = 2 * time.Second

// Probe asks the service on this machine whether it is ready, and returns nil when it is. It is the whole of a
// health check in an image that has no shell and no curl.
func Probe(ctx context.Context, cfg Config) error {
	_, port, err := net.SplitHostPort(cfg.Addr)
	if err != nil {
		return fmt.Errorf("read ADMIN_ADDR: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	url := "http://" + net.JoinHostPort("localhost", port) + "/readyz"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return fmt.Errorf("make the health request: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("ask for the health: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %s", response.Status)
	}
	return nil
}
