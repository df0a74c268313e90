package httpclient

import (
	"errors"
	"net/url"
	"time"

	"create-service/templates/components/clients/platform/outbound"
)

// Config is what an operator can set about the connections to one peer.
type Config struct {
	// URL is where the peer is: scheme, host and, where it is not the scheme's own, port. The host is looked up in DNS, and
	// requests go to all of its addresses in turn.
	URL string `env:"URL,required"`
	// ResolveInterval is how long the addresses of the host are used before it is looked up again.
	ResolveInterval time.Duration `env:"RESOLVE_INTERVAL" envDefault:"5s" min:"100ms" max:"10m"`
	// ConnectTimeout is how long setting up one connection may take, and how long its TLS handshake.
	ConnectTimeout time.Duration `env:"CONNECT_TIMEOUT" envDefault:"1s" min:"10ms" max:"1m"`
	// IdleConnections is how many connections to each address are kept without a request.
	IdleConnections int `env:"IDLE_CONNECTIONS" envDefault:"64" min:"1" max:"10000"`
	// IdleTimeout is how long each of them is kept.
	IdleTimeout time.Duration `env:"IDLE_TIMEOUT" envDefault:"30s" min:"1s" max:"1h"`
	// ConnectionAge is after how long all connections are replaced, so that an address which stands for many replicas, as
	// that of a Service in Kubernetes does, leads to new ones.
	ConnectionAge time.Duration `env:"CONNECTION_AGE" envDefault:"1m" min:"1s" max:"24h"`
	// MaxAnswerBytes is how large an answer may be, in bytes.
	MaxAnswerBytes int64 `env:"MAX_ANSWER_BYTES" envDefault:"4194304" min:"1024" max:"104857600"`
	// MaxHeaderBytes is how large the headers of an answer may be, in bytes.
	MaxHeaderBytes int64 `env:"MAX_HEADER_BYTES" envDefault:"65536" min:"1024" max:"1048576"`
	// Calls is about the calls themselves.
	Calls outbound.Config
}

// Validate reports a URL that is none, or that holds more than where the peer is.
func (c Config) Validate() error {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		return errors.New("URL must be http://host, https://host or one of them with a port")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return errors.New("URL must have neither user nor query: tokens have keys of their own")
	}
	return nil
}
