// Package mongostandin runs FerretDB on SQLite behind a gate that keeps concurrent updates (see [gate]).
package mongostandin

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"

	"github.com/FerretDB/FerretDB/ferretdb"
)

// Config says where the server listens and what it is called.
type Config struct {
	// Addr is the host and port to listen on. Port 0: a free one.
	Addr string
	// Database is the name of the database that the service is told to use.
	Database string
	// Directory keeps the data. Empty: a temporary one, which is gone when the server is closed.
	Directory string
}

// Flags declares the stand-in's flags and returns where their values will be.
func Flags(flags *flag.FlagSet) *Config {
	var cfg Config
	flags.StringVar(&cfg.Addr, "mongo-addr", "127.0.0.1:0", "`address` of the MongoDB stand-in; port 0 takes a free one")
	flags.StringVar(&cfg.Database, "mongo-database", "app", "`name` of the database to use")
	return &cfg
}

// Server is a stand-in that accepts connections. It lets anybody in, under any name.
type Server struct {
	gate      *gate
	database  string
	stop      context.CancelFunc
	ended     chan struct{}
	temporary string
}

// Start returns a server that accepts connections until it is closed.
func Start(ctx context.Context, cfg *Config) (_ *Server, err error) {
	s := &Server{database: cfg.Database, ended: make(chan struct{})}
	directory := cfg.Directory
	if directory == "" {
		if directory, err = os.MkdirTemp("", "mongo-stand-in-"); err != nil {
			return nil, fmt.Errorf("mongo stand-in: %w", err)
		}
		s.temporary = directory
	}
	inner, err := ferretdb.New(&ferretdb.Config{
		Listener: ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Handler:  "sqlite",
		// Whoever asks for durability gets it from a real server.
		SQLiteURL: (&url.URL{Scheme: "file", Opaque: directory + "/", RawQuery: "_pragma=synchronous(off)"}).String(),
		Logger:    slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("mongo stand-in: %w", err), s.forget())
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	go func() {
		defer close(s.ended)
		// Run's error is always nil.
		_ = inner.Run(running)
	}()
	if s.gate, err = openGate(ctx, cfg.Addr, inner.MongoDBURI()); err != nil {
		return nil, errors.Join(fmt.Errorf("mongo stand-in: %w", err), s.Close())
	}
	return s, nil
}

// Addr returns the host and port that the server listens on.
func (s *Server) Addr() net.Addr { return s.gate.listener.Addr() }

// Environment returns how the service reaches the server.
func (s *Server) Environment() []string {
	return []string{"MONGODB_URI=mongodb://" + s.Addr().String() + "/", "MONGODB_DATABASE=" + s.database, "MONGODB_USER=", "MONGODB_TLS=off"}
}

// Close stops accepting connections, ends those there are, and returns when nothing runs any more.
func (s *Server) Close() error {
	var err error
	if s.gate != nil {
		err = s.gate.close()
	}
	s.stop()
	<-s.ended
	return errors.Join(err, s.forget())
}

func (s *Server) forget() error {
	if s.temporary == "" {
		return nil
	}
	return os.RemoveAll(s.temporary)
}
