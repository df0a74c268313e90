// Package grpcclient calls the gRPC API of another service: over all of its replicas in turn, within the time that is
// left, and with what package outbound does about failures.
//
// Generated clients take a [Conn]: it is a [grpc.ClientConnInterface].
package grpcclient

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"

	"create-service/templates/components/clients/platform/outbound"
)

// Deps is what a connection needs of this process. All but TLS and Token is required.
type Deps struct {
	// Peer is the name of the service that is called.
	Peer string
	// Log gets a line when the breaker opens and when it closes.
	Log *slog.Logger
	// Registry gets the metrics, which all peers share.
	Registry prometheus.Registerer
	// Tracing makes the client spans.
	Tracing trace.TracerProvider
	// Propagator puts the trace context into the metadata.
	Propagator propagation.TextMapPropagator
	// TLS is how the peer is known and how this service shows itself; nil: plaintext.
	TLS *tls.Config
	// Token returns what goes into the metadata as a bearer token; nil: none.
	Token func(context.Context) (string, error)
	// Options are added to those of the connection, for tests.
	Options []grpc.DialOption
}

// Conn is a connection to all replicas of a peer.
type Conn struct {
	*grpc.ClientConn
	peer    *outbound.Peer
	observe *observer
	deps    Deps
	known   methods
}

// serviceConfig sends calls to all addresses in turn that are well by their own word. An address whose server has no
// health service counts as well. There is no retryPolicy: package outbound is the one that repeats calls.
const serviceConfig = `{"loadBalancingConfig":[{"round_robin":{}}],"healthCheckConfig":{"serviceName":""}}`

// Open returns a connection. It does not wait for the peer, which may start later.
func Open(cfg Config, d Deps) (*Conn, error) {
	peer, err := outbound.NewPeer(d.Peer, cfg.Calls, outbound.Deps{Log: d.Log, Registry: d.Registry})
	if err != nil {
		return nil, err
	}
	c := &Conn{peer: peer, deps: d}
	if c.observe, err = newObserver(d); err != nil {
		return nil, fmt.Errorf("client of %s: %w", d.Peer, err)
	}
	if c.ClientConn, err = grpc.NewClient(cfg.target(), append(c.options(cfg), d.Options...)...); err != nil {
		return nil, fmt.Errorf("client of %s: %w", d.Peer, err)
	}
	return c, nil
}

func (c *Conn) options(cfg Config) []grpc.DialOption {
	transport := insecure.NewCredentials()
	if c.deps.TLS != nil {
		transport = credentials.NewTLS(c.deps.TLS)
	}
	return []grpc.DialOption{
		grpc.WithTransportCredentials(transport),
		grpc.WithDefaultServiceConfig(serviceConfig),
		grpc.WithDisableServiceConfig(),
		grpc.WithDisableRetry(),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: reconnect(), MinConnectTimeout: cfg.ConnectTimeout}),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time:                cfg.KeepaliveTime,
			Timeout:             cfg.KeepaliveTimeout,
			PermitWithoutStream: true,
		}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(cfg.MaxMessageBytes)),
		grpc.WithUnaryInterceptor(c.unary),
		grpc.WithStreamInterceptor(c.stream),
	}
}

// reconnect is how long an address that does not answer is left alone: at most as long as it takes a pod to start. With
// gRPC's own two minutes, a peer would stay away long after it is back.
func reconnect() backoff.Config {
	wait := backoff.DefaultConfig
	wait.MaxDelay = 5 * time.Second
	return wait
}

// Check returns an error while most calls fail.
func (c *Conn) Check(ctx context.Context) error { return c.peer.Check(ctx) }

// Shutdown closes the connection; calls in progress fail.
func (c *Conn) Shutdown(context.Context) error {
	if err := c.Close(); err != nil && status.Code(err) != codes.Canceled {
		return fmt.Errorf("client of %s: %w", c.peer.Name(), err)
	}
	return nil
}
