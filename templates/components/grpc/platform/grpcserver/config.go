package grpcserver

import (
	"errors"
	"net"
	"time"
)

// Config is what an operator can set about the gRPC server.
type Config struct {
	// Addr is where the API listens, as host:port; without a host on every interface.
	Addr string `env:"GRPC_ADDR" envDefault:":8081"`
	// CallTimeout is how long a call may take; a caller's own deadline counts when it is earlier. A call that runs into it
	// is answered DEADLINE_EXCEEDED. Streams have no limit but the caller's.
	CallTimeout time.Duration `env:"GRPC_CALL_TIMEOUT" envDefault:"10s" min:"100ms" max:"5m"`
	// ConnectTimeout is how long a client may take to set a connection up.
	ConnectTimeout time.Duration `env:"GRPC_CONNECT_TIMEOUT" envDefault:"5s" min:"100ms" max:"1m"`
	// ConnectionAge is the age at which a connection is ended, give or take a tenth, so that clients learn of new replicas.
	ConnectionAge time.Duration `env:"GRPC_CONNECTION_AGE" envDefault:"5m" min:"1s" max:"24h"`
	// ConnectionAgeGrace is how long the calls of such a connection may go on. It must exceed GRPC_CALL_TIMEOUT, else calls
	// are cut off before their deadline.
	ConnectionAgeGrace time.Duration `env:"GRPC_CONNECTION_AGE_GRACE" envDefault:"30s" min:"200ms" max:"1h"`
	// KeepaliveTime is after how long a silence the server asks whether a client is still there.
	KeepaliveTime time.Duration `env:"GRPC_KEEPALIVE_TIME" envDefault:"1m" min:"1s" max:"2h"`
	// KeepaliveTimeout is how long a client may take to answer that; then its connection is closed.
	KeepaliveTimeout time.Duration `env:"GRPC_KEEPALIVE_TIMEOUT" envDefault:"20s" min:"1s" max:"5m"`
	// KeepaliveMinTime is the shortest time between two such questions of a client, also of one without calls; a client
	// that asks more often is cut off. 10 seconds is the least that gRPC's own clients can be set to.
	KeepaliveMinTime time.Duration `env:"GRPC_KEEPALIVE_MIN_TIME" envDefault:"10s" min:"1s" max:"5m"`
	// MaxMessageBytes is how large a message of a client may be, in bytes; over it: RESOURCE_EXHAUSTED.
	MaxMessageBytes int `env:"GRPC_MAX_MESSAGE_BYTES" envDefault:"4194304" min:"1024" max:"104857600"`
	// MaxHeaderBytes is how large a call's metadata may be, in bytes.
	MaxHeaderBytes uint32 `env:"GRPC_MAX_HEADER_BYTES" envDefault:"32768" min:"1024" max:"1048576"`
	// MaxStreams is how many calls one connection may have in progress; a client queues what is over it.
	MaxStreams uint32 `env:"GRPC_MAX_STREAMS" envDefault:"250" min:"1" max:"100000"`
	// MaxInFlight is how many calls are worked on at once, over all connections; one more is answered UNAVAILABLE at once.
	// 256 is twelve times the database's connections: a longer queue would only add waiting.
	MaxInFlight int64 `env:"GRPC_MAX_IN_FLIGHT" envDefault:"256" min:"1" max:"100000"`
	// Reflection lets clients ask which services there are, as grpcurl does. It is meant for development: in production
	// it tells an attacker what there is.
	Reflection bool `env:"GRPC_REFLECTION" envDefault:"false"`
	// SLOThreshold is the duration within which calls should be answered; it becomes a bucket of the duration metric, so
	// that their share can be read exactly.
	SLOThreshold time.Duration `env:"GRPC_SLO_THRESHOLD" envDefault:"300ms" min:"1ms" max:"10s"`
	// LogSlow is from which duration on a call is always logged.
	LogSlow time.Duration `env:"GRPC_LOG_SLOW" envDefault:"1s" min:"1ms"`
	// LogRate is how many successful calls a second are logged in full; above it one in a hundred is.
	LogRate int64 `env:"GRPC_LOG_RATE" envDefault:"50" min:"0"`
}

// Validate reports every setting that cannot work together with the others, each by its key.
func (c Config) Validate() error {
	var problems []error
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		problems = append(problems, errors.New("GRPC_ADDR must be host:port or :port"))
	}
	if c.ConnectionAgeGrace <= c.CallTimeout {
		problems = append(problems, errors.New("GRPC_CONNECTION_AGE_GRACE must be longer than GRPC_CALL_TIMEOUT"))
	}
	return errors.Join(problems...)
}
