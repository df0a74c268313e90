// Package certificates gives connections between services mutual TLS 1.3, with a certificate and authorities from files
// that may change at any time: cert-manager renews them, Kubernetes replaces what it mounts.
//
// A change concerns the handshakes after it. Connections that exist go on, so that a rotation fails no call.
package certificates

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Deps is what certificates report to. All of it is required.
type Deps struct {
	// Log tells of every change, and of files that cannot be used.
	Log *slog.Logger
	// Registry gets the metrics.
	Registry prometheus.Registerer
}

// Certificates are the service's certificate and the authorities that it trusts, as the files are now. Nil is the same as TLS
// that is off.
type Certificates struct {
	cfg     Config
	log     *slog.Logger
	metrics *metrics
	peers   peers
	current atomic.Pointer[bundle]
	// problem is why the files of now are not in use; nil when they are.
	problem atomic.Pointer[error]
}

// Open reads the files. Without certificates that can be used it fails, unless TLS is off.
func Open(ctx context.Context, cfg Config, d Deps) (*Certificates, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("certificates: %w", err)
	}
	c := &Certificates{cfg: cfg, log: d.Log, peers: newPeers(cfg.AllowedPeers)}
	if cfg.Mode == off {
		d.Log.WarnContext(ctx, "the APIs speak plaintext, because TLS_MODE is off")
		return c, nil
	}
	next, err := c.load()
	if err != nil {
		return nil, fmt.Errorf("certificates (TLS_DIR): %w", err)
	}
	c.current.Store(next)
	if c.metrics, err = newMetrics(d.Registry, c.current.Load); err != nil {
		return nil, fmt.Errorf("certificates: %w", err)
	}
	return c, nil
}

func (c *Certificates) load() (*bundle, error) {
	from, err := read(c.cfg.Dir)
	if err != nil {
		return nil, err
	}
	next, err := parse(from, time.Now())
	if err != nil {
		return nil, err
	}
	next.server = c.serverConfig(next)
	return next, nil
}

// Run takes over changes of the files until ctx ends.
func (c *Certificates) Run(ctx context.Context) error {
	ticker := time.NewTicker(c.cfg.ReloadInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			c.reload(ctx)
		}
	}
}

// reload reads the files, whose content alone tells whether they changed: a mounted Secret changes by a symbolic link, of
// which a watcher may hear late or nothing. Files that cannot be used leave everything as it was.
func (c *Certificates) reload(ctx context.Context) {
	if c.cfg.Mode == off {
		return
	}
	next, err := c.load()
	switch before := c.problem.Load(); {
	case err != nil:
		c.metrics.failed.Inc()
		c.problem.Store(&err)
		if before == nil || (*before).Error() != err.Error() {
			c.log.ErrorContext(ctx, "the files in TLS_DIR cannot be used: the certificate of before stays", "error", err)
		}
	case next.files.equal(c.current.Load().files):
		c.problem.Store(nil)
	default:
		c.current.Store(next)
		c.problem.Store(nil)
		c.metrics.changed.Inc()
		c.log.InfoContext(ctx, "the certificate was changed", "tls.server.not_after", next.own.Leaf.NotAfter)
	}
}

// Check is a health check: the files can be used, and the certificate and its authority last.
func (c *Certificates) Check(context.Context) error {
	if c.cfg.Mode == off {
		return nil
	}
	if problem := c.problem.Load(); problem != nil {
		return *problem
	}
	now := c.current.Load()
	for what, end := range map[string]time.Time{"certificate": now.own.Leaf.NotAfter, "authority": now.authoritiesEnd} {
		if left := time.Until(end); left < c.cfg.ExpiryWarning {
			return fmt.Errorf("the %s ends at %s: nobody has renewed it", what, end.Format(time.RFC3339))
		}
	}
	return nil
}

// Server returns the configuration of a server that wants a certificate of every client; nil when TLS is off. It follows
// the files.
func (c *Certificates) Server() *tls.Config {
	if c == nil || c.cfg.Mode == off {
		return nil
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		NextProtos: protocols(),
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			c.metrics.begun.Inc()
			return c.current.Load().server, nil
		},
	}
}

// serverConfig is made once for all connections that a bundle serves.
func (c *Certificates) serverConfig(b *bundle) *tls.Config {
	return &tls.Config{
		MinVersion:   tls.VersionTLS13,
		NextProtos:   protocols(),
		Certificates: []tls.Certificate{b.own},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    b.authorities,
		// A resumed session would carry on what was verified under authorities that are gone since.
		SessionTicketsDisabled: true,
		VerifyConnection:       c.verifyClient,
	}
}

// verifyClient runs when the chain of the client's certificate has been verified.
func (c *Certificates) verifyClient(connection tls.ConnectionState) error {
	if err := c.peers.check(connection.PeerCertificates[0]); err != nil {
		return err
	}
	c.metrics.accepted.Inc()
	return nil
}

func protocols() []string { return []string{"h2", "http/1.1"} }
