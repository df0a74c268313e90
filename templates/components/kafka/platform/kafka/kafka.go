// Package kafka is the service's way to Kafka: it sends the events that a store has committed, hands those of other
// services to handlers, and creates the topics that the repository declares.
//
// Events are CloudEvents 1.0 ([Event]), keyed by the id of their aggregate: those of one aggregate keep their order.
// Both ways are at least once. A consumer commits its offset after the effect; what it cannot handle goes to its
// dead-letter topic with the reason, from where [Client.Replay] hands it to the handler again. The trace context of the
// transaction that committed an event travels in the record's headers, so that one trace holds a request, the event and
// all that follows from it.
package kafka

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/otel/trace"
)

// Deps is whom a client works for and what it reports to.
type Deps struct {
	// Service is the service's name: the source of its events and the first part of its groups' names.
	Service string
	// Registry takes the metrics of sending and handling.
	Registry prometheus.Registerer
	// Tracing takes a span for each event that is sent or handled.
	Tracing trace.TracerProvider
	// Log is told of records that could not be handled.
	Log *slog.Logger
}

// Client is the connection to a cluster. Its methods may be called by several goroutines at once.
type Client struct {
	cfg        Config
	service    string
	log        *slog.Logger
	tracer     trace.Tracer
	producer   *kgo.Client
	admin      *kadm.Client
	measured   *instruments
	unregister func()
}

// instrumentation names the spans' origin; the package is copied into services, so it is no import path.
const instrumentation = "create-service/kafka"

// Open returns a client of the cluster in cfg.
//
// It connects once, to refuse what waiting cannot mend: a wrong password, a certificate that is not to be trusted.
// Brokers that do not answer are no error: sending and consuming begin when they are back, and until then
// [Client.Check] says what is wrong.
func Open(ctx context.Context, cfg Config, deps Deps) (*Client, error) {
	options, err := cfg.clientOptions(deps.Service)
	if err != nil {
		return nil, err
	}
	producer, err := kgo.NewClient(append(options, cfg.producerOptions()...)...)
	if err != nil {
		return nil, fmt.Errorf("kafka: %w", err)
	}
	c := &Client{
		cfg:      cfg,
		service:  deps.Service,
		log:      deps.Log,
		tracer:   deps.Tracing.Tracer(instrumentation),
		producer: producer,
		admin:    kadm.NewClient(producer),
		measured: newInstruments(),
	}
	if c.unregister, err = register(deps.Registry, c.measured.collectors()); err != nil {
		producer.Close()
		return nil, err
	}
	if err := c.refused(ctx); err != nil {
		return nil, errors.Join(err, c.Close(ctx))
	}
	return c, nil
}

// refused returns the error with which the cluster turned the client down.
func (c *Client) refused(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.ConnectTimeout)
	defer cancel()
	err := c.Check(ctx)
	_, distrusted := errors.AsType[*tls.CertificateVerificationError](err)
	if distrusted || errors.Is(err, kerr.SaslAuthenticationFailed) || errors.Is(err, kerr.UnsupportedSaslMechanism) {
		return err
	}
	return nil
}

// Check returns nil when a broker answers.
func (c *Client) Check(ctx context.Context) error {
	if err := c.producer.Ping(ctx); err != nil {
		return fmt.Errorf("kafka %s: %w", strings.Join(c.cfg.Brokers, ","), err)
	}
	return nil
}

// Close sends what waits to be sent, until the context ends, then ends all connections and takes the metrics back.
// Consumers are to be shut down before.
func (c *Client) Close(ctx context.Context) error {
	err := c.producer.Flush(ctx)
	c.producer.Close()
	c.unregister()
	if err != nil {
		return fmt.Errorf("send the last records: %w", err)
	}
	return nil
}

// name returns what a topic or group is called in the cluster.
func (c *Client) name(written string) string { return c.cfg.TopicPrefix + written }
