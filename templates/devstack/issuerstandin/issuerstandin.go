// Package issuerstandin issues tokens for development: an OpenID provider as far as a service and its clients need one.
// It gives whoever asks a token with whatever scopes he asks for.
package issuerstandin

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"flag"
	"fmt"
	"net"
	"net/http"
	"time"
)

// ClientID and ClientSecret are those of the one client. They are no secret: no other issuer knows them.
const (
	ClientID     = "dev"
	ClientSecret = "only-on-this-machine"
)

// Config says where an issuer listens and whom its tokens are for.
type Config struct {
	// Addr is the host and port to listen on. Port 0: a free one.
	Addr string
	// URL is the issuer's address in its tokens. Empty: that by which it is reached on this machine.
	URL string
	// Audience is whom the tokens are for, unless their client names another.
	Audience string
}

// Flags declares the flag of the stand-in and returns where its value will be.
func Flags(flags *flag.FlagSet, audience string) *Config {
	cfg := Config{Audience: audience}
	flags.StringVar(&cfg.Addr, "issuer-addr", "127.0.0.1:0", "`address` of the stand-in for the issuer of tokens; port 0 takes a free one")
	return &cfg
}

// Server is an issuer that accepts connections.
type Server struct {
	url      string
	audience string
	key      *rsa.PrivateKey
	http     *http.Server
	ended    chan struct{}
}

// Start returns an issuer that accepts connections until it is closed.
func Start(ctx context.Context, cfg *Config) (*Server, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("issuer stand-in: %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		return nil, fmt.Errorf("issuer stand-in: %w", err)
	}
	s := &Server{url: cfg.URL, audience: cfg.Audience, key: key, ended: make(chan struct{})}
	if s.url == "" {
		s.url = "http://" + listener.Addr().String()
	}
	s.http = &http.Server{Handler: s.routes(), ReadTimeout: 10 * time.Second}
	go func() {
		defer close(s.ended)
		_ = s.http.Serve(listener)
	}()
	return s, nil
}

// Environment returns how the service knows the issuer, and itself as a client of it.
func (s *Server) Environment() []string {
	return []string{"AUTH_ISSUER=" + s.url, "CLIENT_TOKEN_URL=" + s.url + "/token", "CLIENT_ID=" + ClientID, "CLIENT_SECRET=" + ClientSecret}
}

// Close stops accepting connections, and returns when nothing runs any more.
func (s *Server) Close() error {
	err := s.http.Close()
	<-s.ended
	return err
}
