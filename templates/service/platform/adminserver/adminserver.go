// Package adminserver serves what operators and probes need, on a port of its own: metrics, health, profiles, the log
// level and the share of recorded traces. The port is plaintext and without authentication; a network policy keeps it inside.
package adminserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"create-service/templates/service/platform/health"
	"create-service/templates/service/platform/metrics"
)

// Config says where the admin server listens and what it limits.
type Config struct {
	// Addr is where metrics, probes and profiles are served.
	Addr string `env:"ADMIN_ADDR" envDefault:":9090"`
	// Profiles turns /debug/pprof on. A profile costs a few percent of CPU while it is taken and nothing otherwise.
	Profiles bool `env:"ADMIN_PROFILES" envDefault:"true"`
	// MaxSeries is the most time series that /metrics shows; above it the largest metrics are left out, except those of the
	// objectives.
	MaxSeries int `env:"METRICS_MAX_SERIES" envDefault:"2000" min:"100"`
}

const (
	headerTimeout = 5 * time.Second
	readTimeout   = 10 * time.Second
	// writeTimeout starts with the request's header; a profile adds the seconds that it was asked for.
	writeTimeout = 10 * time.Second
	idleTimeout  = 120 * time.Second
	maxHeader    = 16 << 10
	maxBody      = 1 << 10
	// maxScrapes is how many scrapes run at once; the next gets 503.
	maxScrapes = 4
)

// Deps is what the admin server shows and changes.
type Deps struct {
	Registry *prometheus.Registry
	Health   *health.Checks
	Level    *slog.LevelVar
	Sampling Sampling
	Log      *slog.Logger
	// KeepMetrics are the names of metrics that are shown however many series there are.
	KeepMetrics []string
}

// Server is a listening admin server.
type Server struct {
	listener net.Listener
	server   *http.Server
}

// Open binds the port, so that a port in use is an error at once. Requests are answered from Run on.
func Open(ctx context.Context, cfg Config, d Deps) (*Server, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen on ADMIN_ADDR: %w", err)
	}
	return &Server{
		listener: listener,
		server: &http.Server{
			Handler:           protect(routes(cfg, d)),
			ReadHeaderTimeout: headerTimeout,
			ReadTimeout:       readTimeout,
			WriteTimeout:      writeTimeout,
			IdleTimeout:       idleTimeout,
			MaxHeaderBytes:    maxHeader,
			ErrorLog:          slog.NewLogLogger(d.Log.Handler(), slog.LevelWarn),
		},
	}, nil
}

// Addr returns the address that the server listens on, with the port that was chosen when the configured one was 0.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// Run answers requests until Shutdown.
func (s *Server) Run(context.Context) error {
	if err := s.server.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the admin port: %w", err)
	}
	return nil
}

// Shutdown stops listening and waits for requests in flight until the context ends; then it cuts them off. A server
// that never ran is closed by it, too.
func (s *Server) Shutdown(ctx context.Context) error {
	err := s.server.Shutdown(ctx)
	_ = s.listener.Close() // which the server does not know of before Run
	if err != nil {
		return errors.Join(fmt.Errorf("shut the admin port down: %w", err), s.server.Close())
	}
	return nil
}

func routes(cfg Config, d Deps) *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", d.Health.Live)
	mux.HandleFunc("GET /readyz", d.Health.Ready)
	mux.HandleFunc("GET /startupz", d.Health.Startup)
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics.Bound(d.Registry, cfg.MaxSeries, d.KeepMetrics...), promhttp.HandlerOpts{
		EnableOpenMetrics:   true,
		MaxRequestsInFlight: maxScrapes,
		ErrorHandling:       promhttp.ContinueOnError,
		ErrorLog:            slog.NewLogLogger(d.Log.Handler(), slog.LevelError),
	}))
	level := logLevel{level: d.Level, log: d.Log}
	mux.HandleFunc("GET /loglevel", level.get)
	mux.HandleFunc("PUT /loglevel", level.put)
	ratio := sampleRatio{sampling: d.Sampling, log: d.Log}
	mux.HandleFunc("GET /sampleratio", ratio.get)
	mux.HandleFunc("PUT /sampleratio", ratio.put)
	if cfg.Profiles {
		mux.Handle("GET /debug/pprof/", profiles())
	}
	return mux
}

// protect limits bodies and keeps answers out of caches and of guesses about their type.
func protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}
