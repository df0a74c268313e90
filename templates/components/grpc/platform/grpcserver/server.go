// Package grpcserver runs the gRPC API: one chain around every method, limits on everything that a client controls, the
// standard health service, and a graceful end.
//
// Methods are those of the generated interfaces and return plain errors; the chain turns an error into the status that
// the caller sees.
package grpcserver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
)

// Deps is what the server reports to and works with. All of it is required, unless it says otherwise.
type Deps struct {
	// Domain is who gives the reasons of errors their meaning: the service's name.
	Domain string
	// Log gets one line for each call that is not sampled away.
	Log *slog.Logger
	// Registry gets the server's metrics.
	Registry prometheus.Registerer
	// Tracing makes the server spans.
	Tracing trace.TracerProvider
	// Propagator reads the caller's trace context from the metadata.
	Propagator propagation.TextMapPropagator
	// Ready is what the health service answers, until the server drains.
	Ready func() bool
	// Authorize decides whether a call may go to its method, "orders.v1.OrderService/GetOrder"; credentials are the values
	// of its metadata authorization. The method gets the context that it returns. Nil: every call may. The health service
	// and reflection never ask.
	Authorize func(ctx context.Context, method string, credentials []string) (context.Context, error)
	// TLS is how connections are encrypted and whom they are accepted from. Nil: plaintext.
	TLS *tls.Config
}

// Server answers the gRPC API. It is a [grpc.ServiceRegistrar]: services are added before it runs.
type Server struct {
	cfg    Config
	chain  *chain
	grpc   *grpc.Server
	health *healthService

	mu       sync.Mutex
	listener net.Listener
}

// New returns a server that has the health service alone and does not listen yet. It fails on settings that cannot work
// and on metrics that are registered already.
func New(cfg Config, d Deps) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("grpc server: %w", err)
	}
	chain, err := newChain(cfg, d)
	if err != nil {
		return nil, fmt.Errorf("grpc server: %w", err)
	}
	s := &Server{cfg: cfg, chain: chain, grpc: grpc.NewServer(append(options(cfg, chain), grpc.Creds(transport(d.TLS)))...)}
	s.health = newHealthService(d.Ready, s.has)
	grpc_health_v1.RegisterHealthServer(s.grpc, s.health)
	if cfg.Reflection {
		reflection.Register(s.grpc)
	}
	return s, nil
}

// transport is what connections are encrypted with.
func transport(cfg *tls.Config) credentials.TransportCredentials {
	if cfg == nil {
		return insecure.NewCredentials()
	}
	return credentials.NewTLS(cfg)
}

func options(cfg Config, chain *chain) []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.ConnectionTimeout(cfg.ConnectTimeout),
		grpc.MaxRecvMsgSize(cfg.MaxMessageBytes),
		grpc.MaxHeaderListSize(cfg.MaxHeaderBytes),
		grpc.MaxConcurrentStreams(cfg.MaxStreams),
		grpc.KeepaliveParams(keepalive.ServerParameters{
			MaxConnectionAge:      cfg.ConnectionAge,
			MaxConnectionAgeGrace: cfg.ConnectionAgeGrace,
			Time:                  cfg.KeepaliveTime,
			Timeout:               cfg.KeepaliveTimeout,
		}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: cfg.KeepaliveMinTime, PermitWithoutStream: true}),
		grpc.UnknownServiceHandler(stream{chain: chain, name: unmatched, next: noSuchMethod}.serve),
		grpc.WaitForHandlers(true),
	}
}

// RegisterService adds a service, for the generated Register functions. Every method is put inside the chain.
func (s *Server) RegisterService(desc *grpc.ServiceDesc, impl any) {
	s.grpc.RegisterService(s.chain.around(desc), impl)
}

// has reports whether there is a service of this name.
func (s *Server) has(service string) bool {
	_, found := s.grpc.GetServiceInfo()[service]
	return found
}

// Listen takes the address, so that [Server.Addr] is known and a taken one is noticed before anything else
// starts. Run listens by itself when it has not been called.
func (s *Server) Listen(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		return nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.cfg.Addr)
	if err != nil {
		return fmt.Errorf("grpc server: %w", err)
	}
	s.listener = listener
	return nil
}

// Addr is the address that the server listens on, and before that the one it was told.
func (s *Server) Addr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return s.cfg.Addr
	}
	return s.listener.Addr().String()
}

// Run answers calls until [Server.Shutdown] ends, and then returns nil. The end of ctx does not end calls in progress:
// only a Shutdown that ran out of time does.
func (s *Server) Run(ctx context.Context) error {
	if err := s.Listen(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	listener := s.listener
	s.mu.Unlock()
	return s.Serve(listener)
}

// Serve is [Server.Run] on a listener of the caller, such as one in memory.
func (s *Server) Serve(listener net.Listener) error {
	if err := s.grpc.Serve(listener); err != nil && !errors.Is(err, grpc.ErrServerStopped) {
		return fmt.Errorf("grpc server: %w", err)
	}
	return nil
}

// Drain tells who watches the health service to go elsewhere, and goes on answering. Call it when no new clients are
// wanted, some time before [Server.Shutdown].
func (s *Server) Drain() { s.health.drain() }

// Shutdown stops listening, sends clients away and waits for the calls in progress. When ctx ends first it abandons
// them and returns ctx's error.
func (s *Server) Shutdown(ctx context.Context) error {
	s.health.end()
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		s.grpc.GracefulStop()
	}()
	select {
	case <-stopped:
		return s.closeListener()
	case <-ctx.Done():
		s.grpc.Stop()
		<-stopped
		return fmt.Errorf("grpc server: %w", ctx.Err())
	}
}

// closeListener gives the address back when the server listened and never ran.
func (s *Server) closeListener() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return nil
	}
	if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("grpc server: %w", err)
	}
	return nil
}
