// Package mysqlstandin runs go-mysql-server's in-memory engine behind a gate that keeps committed writes (see [gate]).
package mysqlstandin

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"

	gms "github.com/dolthub/go-mysql-server"
	"github.com/dolthub/go-mysql-server/memory"
	"github.com/dolthub/go-mysql-server/server"
	"github.com/dolthub/go-mysql-server/sql"
	"github.com/dolthub/go-mysql-server/sql/analyzer"
	"github.com/dolthub/vitess/go/mysql"
	"github.com/sirupsen/logrus"
)

const (
	// versionPostfix ends what VERSION() returns. Tests that need a real server know the stand-in by it.
	versionPostfix = "devstack"
	// version is what the server greets its clients with.
	version = "8.0.36-" + versionPostfix
)

// Config says where the server listens and what it holds at first.
type Config struct {
	// Addr is the host and port to listen on. Port 0: a free one.
	Addr string
	// Database is the name of the one database that exists at the start, empty.
	Database string
}

// Flags declares the stand-in's flags and returns where their values will be.
func Flags(flags *flag.FlagSet) *Config {
	var cfg Config
	flags.StringVar(&cfg.Addr, "mysql-addr", "127.0.0.1:0", "`address` of the MySQL stand-in; port 0 takes a free one")
	flags.StringVar(&cfg.Database, "mysql-database", "app", "`name` of the database to create")
	return &cfg
}

// Server is a stand-in that accepts connections. It lets anybody in, under any name.
type Server struct {
	addr     string
	database string
	inner    *server.Server
}

// Start returns a server that accepts connections until it is closed.
func Start(ctx context.Context, cfg *Config) (*Server, error) {
	// The engine logs each refused statement, which its client reports anyway.
	logrus.SetOutput(io.Discard)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		return nil, fmt.Errorf("mysql stand-in: %w", err)
	}
	sql.SystemVariables.AddSystemVariables([]sql.SystemVariable{lockWaitVariable()})
	provider := memory.NewDBProvider(memory.NewDatabase(cfg.Database))
	settings := server.Config{
		Protocol: "tcp",
		Address:  listener.Addr().String(),
		Listener: listener,
		Version:  version,
		Options:  []server.Option{gated},
	}
	engine := gms.New(analyzer.NewDefault(provider), &gms.Config{VersionPostfix: versionPostfix})
	inner, err := server.NewServer(settings, engine, sql.NewContext, memory.NewSessionBuilder(provider), nil)
	if err != nil {
		return nil, fmt.Errorf("mysql stand-in: %w", err)
	}
	// Start returns when the listener is closed, and its error is always nil.
	go func() { _ = inner.Start() }()
	return &Server{addr: listener.Addr().String(), database: cfg.Database, inner: inner}, nil
}

// gated puts the gate in front of the engine.
func gated(engine *gms.Engine, sessions *server.SessionManager, engineHandler mysql.Handler) (*gms.Engine, *server.SessionManager, mysql.Handler) {
	return engine, sessions, &handler{Handler: engineHandler, gate: newGate(sessions)}
}

// Environment returns how the service reaches the server.
func (s *Server) Environment() []string {
	return []string{"MYSQL_ADDR=" + s.addr, "MYSQL_DATABASE=" + s.database, "MYSQL_USER=root", "MYSQL_PASSWORD=", "MYSQL_TLS=off"}
}

// Close stops accepting connections.
func (s *Server) Close() error { return s.inner.Close() }
