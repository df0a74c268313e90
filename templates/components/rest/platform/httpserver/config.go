package httpserver

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// Config is what an operator can set about the HTTP server.
type Config struct {
	// Addr is where the API listens, as host:port; without a host on every interface.
	Addr string `env:"HTTP_ADDR" envDefault:":8080"`
	// ReadHeaderTimeout is how long a client may take to send a request's headers; it ends slow-header attacks.
	ReadHeaderTimeout time.Duration `env:"HTTP_READ_HEADER_TIMEOUT" envDefault:"5s" min:"100ms" max:"1m"`
	// ReadTimeout is how long a client may take to send a whole request, headers and body.
	ReadTimeout time.Duration `env:"HTTP_READ_TIMEOUT" envDefault:"15s" min:"100ms" max:"5m"`
	// HandlerTimeout is the deadline of the context that a handler gets; a handler that runs into it answers 504.
	HandlerTimeout time.Duration `env:"HTTP_HANDLER_TIMEOUT" envDefault:"10s" min:"100ms" max:"5m"`
	// WriteTimeout is how long a request may take from the end of its headers to the last byte of the answer. It
	// must exceed the handler timeout, else the connection is cut before the 504 is sent.
	WriteTimeout time.Duration `env:"HTTP_WRITE_TIMEOUT" envDefault:"30s" min:"200ms" max:"10m"`
	// IdleTimeout is how long a connection is kept open for a next request. It should exceed that of the load
	// balancer in front, so that the balancer closes first and never sends into a closing connection.
	IdleTimeout time.Duration `env:"HTTP_IDLE_TIMEOUT" envDefault:"120s" min:"1s" max:"1h"`
	// MaxHeaderBytes is how large a request's headers may be together, in bytes; over it: 431.
	MaxHeaderBytes int `env:"HTTP_MAX_HEADER_BYTES" envDefault:"32768" min:"1024" max:"1048576"`
	// MaxBodyBytes is how large a request's body may be, in bytes; over it: 413.
	MaxBodyBytes int64 `env:"HTTP_MAX_BODY_BYTES" envDefault:"1048576" min:"1024" max:"104857600"`
	// MaxInFlight is how many requests are worked on at once; one more is answered 503 at once. 256 is twelve
	// times the database's connections: a longer queue would only add waiting.
	MaxInFlight int64 `env:"HTTP_MAX_IN_FLIGHT" envDefault:"256" min:"1" max:"100000"`
	// TrustedProxies are the networks (CIDR or address, comma-separated) whose X-Forwarded-For is believed; none by
	// default, because anybody can send that header.
	TrustedProxies []string `env:"HTTP_TRUSTED_PROXIES"`
	// SLOThreshold is the duration within which requests should be answered; it becomes a bucket of the duration
	// metric, so that their share can be read exactly.
	SLOThreshold time.Duration `env:"HTTP_SLO_THRESHOLD" envDefault:"300ms" min:"1ms" max:"10s"`
	// LogSlow is from which duration on a request is always logged.
	LogSlow time.Duration `env:"HTTP_LOG_SLOW" envDefault:"1s" min:"1ms"`
	// LogRate is how many successful requests a second are logged in full; above it one in a hundred is.
	LogRate int64 `env:"HTTP_LOG_RATE" envDefault:"50" min:"0"`
}

// Validate reports every setting that cannot work together with the others, each by its key.
func (c Config) Validate() error {
	var problems []error
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		problems = append(problems, errors.New("HTTP_ADDR must be host:port or :port"))
	}
	if c.ReadHeaderTimeout > c.ReadTimeout {
		problems = append(problems, errors.New("HTTP_READ_HEADER_TIMEOUT must not exceed HTTP_READ_TIMEOUT"))
	}
	if c.HandlerTimeout >= c.WriteTimeout {
		problems = append(problems, errors.New("HTTP_HANDLER_TIMEOUT must be shorter than HTTP_WRITE_TIMEOUT"))
	}
	for _, proxy := range c.TrustedProxies {
		if !isNetwork(proxy) {
			problems = append(problems, fmt.Errorf("HTTP_TRUSTED_PROXIES has %q, which is neither a network nor an address", proxy))
		}
	}
	return errors.Join(problems...)
}

func isNetwork(s string) bool {
	if _, err := netip.ParsePrefix(s); err == nil {
		return true
	}
	_, err := netip.ParseAddr(s)
	return err == nil
}
