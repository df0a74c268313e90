// Package kafkastandin runs kfake: one broker in memory, with groups, transactions and idempotent producers.
package kafkastandin

import (
	"context"
	"flag"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
)

// shortestSession is the shortest that a member of a group may ask for: tests end members without a word.
const shortestSession = time.Second

// Config says where the broker listens.
type Config struct {
	// Addr is the host and port to listen on. Port 0: a free one.
	Addr string
}

// Flags declares the stand-in's flags and returns where their values will be.
func Flags(flags *flag.FlagSet) *Config {
	var cfg Config
	flags.StringVar(&cfg.Addr, "kafka-addr", "127.0.0.1:0", "`address` of the Kafka stand-in; port 0 takes a free one")
	return &cfg
}

// Server is a stand-in that accepts connections. It has no topics and makes none by itself: the service's own step does.
type Server struct {
	cluster *kfake.Cluster
}

// Start returns a broker that accepts connections until it is closed.
func Start(ctx context.Context, cfg *Config) (*Server, error) {
	cluster, err := kfake.NewCluster(
		kfake.NumBrokers(1),
		kfake.GroupMinSessionTimeout(shortestSession),
		kfake.ListenFn(func(network, _ string) (net.Listener, error) {
			return new(net.ListenConfig).Listen(ctx, network, cfg.Addr)
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("kafka stand-in: %w", err)
	}
	return &Server{cluster: cluster}, nil
}

// Environment returns how the service reaches the broker. One broker keeps every topic once.
func (s *Server) Environment() []string {
	return []string{"KAFKA_BROKERS=" + strings.Join(s.cluster.ListenAddrs(), ","), "KAFKA_TOPIC_REPLICATION=1", "KAFKA_TLS=off"}
}

// Close stops accepting connections.
func (s *Server) Close() error {
	s.cluster.Close()
	return nil
}
