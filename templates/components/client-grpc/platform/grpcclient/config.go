package grpcclient

import (
	"errors"
	"net"
	"net/url"
	"strings"
	"time"

	"create-service/templates/components/clients/platform/outbound"
)

// Config is what an operator can set about the connection to one peer.
type Config struct {
	// Addr is where the peer listens, as host:port. The host is looked up in DNS, and calls go to all of its addresses in
	// turn, so in Kubernetes it is that of a headless Service. A target of gRPC with a scheme of its own is taken as it is.
	Addr string `env:"ADDR,required"`
	// ConnectTimeout is how long setting up one connection may take.
	ConnectTimeout time.Duration `env:"CONNECT_TIMEOUT" envDefault:"1s" min:"10ms" max:"1m"`
	// KeepaliveTime is after how long a silence the peer is asked whether it is still there. The peer must allow it: servers
	// of this kind do from 10 seconds on, in GRPC_KEEPALIVE_MIN_TIME.
	KeepaliveTime time.Duration `env:"KEEPALIVE_TIME" envDefault:"20s" min:"10s" max:"1h"`
	// KeepaliveTimeout is how long the peer may take to answer that; then its connection is given up.
	KeepaliveTimeout time.Duration `env:"KEEPALIVE_TIMEOUT" envDefault:"5s" min:"100ms" max:"5m"`
	// MaxMessageBytes is how large an answer may be, in bytes.
	MaxMessageBytes int `env:"MAX_MESSAGE_BYTES" envDefault:"4194304" min:"1024" max:"104857600"`
	// Calls is about the calls themselves.
	Calls outbound.Config
}

// Validate reports an address that cannot be one.
func (c Config) Validate() error {
	target, err := url.Parse(c.target())
	if err != nil || target.Scheme == "" {
		return errors.New("ADDR must be host:port or a target of gRPC such as dns:///host:port")
	}
	if target.Scheme != "dns" {
		return nil
	}
	if _, _, err := net.SplitHostPort(strings.TrimPrefix(target.Path, "/")); err != nil {
		return errors.New("ADDR must have a port")
	}
	return nil
}

// target is the address as gRPC wants it.
func (c Config) target() string {
	if strings.Contains(c.Addr, ":///") {
		return c.Addr
	}
	return "dns:///" + c.Addr
}
