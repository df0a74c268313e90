// Package httpserver runs the REST API: a Gin engine with one chain of middleware, limits on everything that a
// client controls, and a graceful end.
//
// Handlers are ordinary functions that return an error; [Handle] turns it into the problem that the caller sees.
package httpserver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Deps is what the server reports to and works with. All of it is required, unless it says otherwise.
type Deps struct {
	// Log gets one line for each request that is not sampled away.
	Log *slog.Logger
	// Registry gets the server's metrics.
	Registry prometheus.Registerer
	// Tracing makes the server spans.
	Tracing trace.TracerProvider
	// Propagator reads the caller's trace context from the headers.
	Propagator propagation.TextMapPropagator
	// Authorize decides whether a request may go to its route, which is named by its method and its template, as in
	// "GET /v1/orders/:id"; credentials are the values of its Authorization header. The handler gets the context that it
	// returns; an error with a method Challenge() string decides WWW-Authenticate. Nil: every request may.
	Authorize func(ctx context.Context, route string, credentials []string) (context.Context, error)
	// TLS is how connections are encrypted and whom they are accepted from. Nil: plaintext.
	TLS *tls.Config
}

// Server answers the REST API. It is an [http.Handler], so a test can do without a connection.
type Server struct {
	engine *gin.Engine
	http   *http.Server
	// abandon ends the context of every request in progress.
	abandon context.CancelFunc
	// draining is whether each answer asks its client to leave.
	draining atomic.Bool

	mu       sync.Mutex
	listener net.Listener
}

// New returns a server without routes that does not listen yet. It fails on settings that cannot work and on
// metrics that are registered already.
func New(cfg Config, d Deps) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("http server: %w", err)
	}
	engine, err := newEngine(cfg, d)
	if err != nil {
		return nil, fmt.Errorf("http server: %w", err)
	}
	s := &Server{engine: engine}
	s.http = &http.Server{
		Addr:              cfg.Addr,
		Handler:           s,
		ReadHeaderTimeout: cfg.ReadHeaderTimeout,
		ReadTimeout:       cfg.ReadTimeout,
		WriteTimeout:      cfg.WriteTimeout,
		IdleTimeout:       cfg.IdleTimeout,
		MaxHeaderBytes:    cfg.MaxHeaderBytes,
		TLSConfig:         d.TLS,
		ErrorLog:          slog.NewLogLogger(d.Log.Handler(), slog.LevelWarn),
	}
	return s, nil
}

// Router is where routes are added, before the server runs. The middleware is installed.
func (s *Server) Router() gin.IRouter { return s.engine }

// Routes lists the routes that were added.
func (s *Server) Routes() gin.RoutesInfo { return s.engine.Routes() }

// ServeHTTP answers one request. HEAD is answered as GET without the body, which net/http holds back.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if s.draining.Load() {
		w.Header().Set("Connection", "close")
	}
	if r.Method == http.MethodHead {
		get := *r
		get.Method = http.MethodGet
		r = &get
	}
	s.engine.ServeHTTP(w, r)
}

// Listen takes the address, so that [Server.Addr] is known and a taken one is noticed before anything else
// starts. Run listens by itself when it has not been called.
func (s *Server) Listen(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		return nil
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", s.http.Addr)
	if err != nil {
		return fmt.Errorf("http server: %w", err)
	}
	s.listener = listener
	return nil
}

// Addr is the address that the server listens on, and before that the one it was told.
func (s *Server) Addr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return s.http.Addr
	}
	return s.listener.Addr().String()
}

// Run answers requests until [Server.Shutdown] begins, and then returns nil. The end of ctx does not end requests
// in progress: only a Shutdown that ran out of time does.
func (s *Server) Run(ctx context.Context) error {
	if err := s.Listen(ctx); err != nil {
		return err
	}
	base, abandon := context.WithCancel(context.WithoutCancel(ctx))
	s.mu.Lock()
	s.abandon = abandon
	s.http.BaseContext = func(net.Listener) context.Context { return base }
	listener := s.listener
	s.mu.Unlock()
	if err := s.accept(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("http server: %w", err)
	}
	return nil
}

// accept answers what comes in on the listener, over TLS where there is a configuration of it.
func (s *Server) accept(listener net.Listener) error {
	if s.http.TLSConfig == nil {
		return s.http.Serve(listener)
	}
	return s.http.ServeTLS(listener, "", "")
}

// Drain asks clients to leave: each answer closes its connection from now on. Call it when no new clients are wanted,
// some time before [Server.Shutdown], which closes idle connections: a request that is on its way on one of them is
// lost. For the same reason Drain leaves idle connections open.
func (s *Server) Drain() { s.draining.Store(true) }

// Shutdown stops listening and waits for the requests in progress. When ctx ends first it abandons them and
// returns ctx's error.
func (s *Server) Shutdown(ctx context.Context) error {
	err := s.http.Shutdown(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.abandon != nil {
		s.abandon()
	}
	if err != nil {
		return fmt.Errorf("http server: %w", errors.Join(err, s.http.Close()))
	}
	return s.closeListener()
}

// closeListener gives the address back when the server listened and never ran.
func (s *Server) closeListener() error {
	if s.listener == nil {
		return nil
	}
	if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("http server: %w", err)
	}
	return nil
}
