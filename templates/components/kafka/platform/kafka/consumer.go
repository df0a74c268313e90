package kafka

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Handler has the effect of an event. It sees an event again when the process died, or lost the partition, before the
// offset was committed: so the effect must be one that happens once (see [Event.Unit]).
//
// Its error decides what becomes of the record. A [fault.Unavailable], and a context that ended, hold the partition back and are tried
// for ever; any other fault makes it a dead letter at once; any other error does after KAFKA_HANDLER_RETRIES repetitions.
type Handler func(ctx context.Context, event Event) error

// Subscription is what a consumer consumes.
type Subscription struct {
	// Consumer is its name, such as "payment-captured". The group is the service's name, a dot and this.
	Consumer string
	// Topic is read from its oldest record on when the group is new.
	Topic string
	// DeadLetters is the topic for records that cannot be handled.
	DeadLetters string
	// Handle handles the events of the topic, whatever their type.
	Handle Handler
}

// Consumer hands the records of a topic to a handler: those of one partition one by one and in their order, partitions
// beside each other.
type Consumer struct {
	client      *Client
	group       string
	topic       string
	deadLetters string
	handle      Handler
	log         *slog.Logger
	measured    consumerInstruments

	began    atomic.Bool
	draining chan struct{}
	drain    func()
	done     chan struct{}
}

// consumerInstruments are the series of one consumer.
type consumerInstruments struct {
	handled     prometheus.ObserverVec
	lag         prometheus.Gauge
	lastSuccess prometheus.Gauge
	waiting     prometheus.Gauge
	retries     *prometheus.CounterVec
	deadLetters *prometheus.CounterVec
	unsettled   prometheus.Gauge
}

// NewConsumer returns a consumer that begins with [Consumer.Run].
func (c *Client) NewConsumer(s Subscription) *Consumer {
	k := &Consumer{
		client:      c,
		group:       c.name(c.service + "." + s.Consumer),
		topic:       c.name(s.Topic),
		deadLetters: c.name(s.DeadLetters),
		handle:      s.Handle,
		draining:    make(chan struct{}),
		done:        make(chan struct{}),
	}
	k.drain = sync.OnceFunc(func() { close(k.draining) })
	k.log = c.log.With("messaging.consumer.group.name", k.group, "messaging.destination.name", k.topic)
	labels := prometheus.Labels{"messaging_consumer_group_name": k.group, "messaging_destination_name": k.topic}
	k.measured = consumerInstruments{
		handled:     c.measured.handled.MustCurryWith(labels),
		lag:         c.measured.lag.With(labels),
		lastSuccess: c.measured.lastSuccess.With(labels),
		waiting:     c.measured.waiting.With(labels),
		retries:     c.measured.retries.MustCurryWith(labels),
		deadLetters: c.measured.deadLetters.MustCurryWith(labels),
		unsettled:   c.measured.unsettled.With(labels),
	}
	return k
}

// Run joins the group and handles records until Shutdown, or until ctx ends: then it drops what is in hand, and
// another consumer handles that again. It may be called once.
func (k *Consumer) Run(ctx context.Context) error {
	k.began.Store(true)
	defer close(k.done)
	m := &member{Consumer: k, lanes: map[int32]*lane{}}
	if err := m.join(); err != nil {
		return err
	}
	defer m.leave(ctx)
	polling, stop := context.WithCancel(ctx)
	defer stop()
	var beside sync.WaitGroup
	defer beside.Wait()
	beside.Go(func() { k.watchLag(polling) })
	beside.Go(func() {
		select {
		case <-k.draining:
		case <-polling.Done():
		}
		stop()
	})
	for polling.Err() == nil {
		m.round(polling, ctx)
	}
	return ctx.Err()
}

// Shutdown stops taking records, waits for those that are being handled, commits them and leaves the group, so that
// others take over at once. It gives up waiting when ctx ends.
func (k *Consumer) Shutdown(ctx context.Context) error {
	k.drain()
	if !k.began.Load() {
		return nil
	}
	select {
	case <-k.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("consumer %s: records are still being handled: %w", k.group, ctx.Err())
	}
}

// isDraining reports whether Shutdown was called.
func (k *Consumer) isDraining() bool {
	select {
	case <-k.draining:
		return true
	default:
		return false
	}
}

// join connects to the group.
func (m *member) join() error {
	cfg := m.client.cfg
	options, err := cfg.clientOptions(m.client.service)
	if err != nil {
		return err
	}
	options = append(options, cfg.consumerOptions(m.group, m.topic)...)
	options = append(options,
		kgo.OnPartitionsRevoked(m.lose),
		kgo.OnPartitionsLost(m.lose),
		kgo.OnPartitionsCallbackBlocked(func(context.Context, *kgo.Client) { m.hurry.Store(true) }),
		kgo.WithHooks(groupErrors{log: m.log}),
	)
	m.connection, err = kgo.NewClient(options...)
	if err != nil {
		return fmt.Errorf("consumer %s: %w", m.group, err)
	}
	return nil
}

// leave tells the group to give the partitions to others now and not when the session is over.
func (m *member) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), m.client.cfg.RequestTimeout)
	defer cancel()
	if err := m.connection.LeaveGroupContext(ctx); err != nil {
		m.log.WarnContext(ctx, "the group was not left: its partitions rest until the session is over", "error", err)
	}
	m.connection.CloseAllowingRebalance()
}

// groupErrors tells when a member cannot join its group, or is put out of it.
type groupErrors struct {
	log *slog.Logger
}

// OnGroupManageError is called by the client.
func (g groupErrors) OnGroupManageError(err error) {
	if !errors.Is(err, context.Canceled) && !errors.Is(err, kgo.ErrClientClosed) {
		g.log.Warn("not in the group", "error", err)
	}
}
