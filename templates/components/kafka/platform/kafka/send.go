package kafka

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"create-service/templates/components/outbox/platform/relay"
	"create-service/templates/service/platform/metrics"
)

var errHeldBack = errors.New("an earlier event of the same key was not sent")

// Send publishes events, and returns one error for each: nil once all replicas that are in sync have it.
//
// The events of one key keep their order: behind one that fails the others of its key are not sent, and their errors are
// not permanent. An event that is larger than KAFKA_MAX_MESSAGE_BYTES is refused with [relay.ErrPermanent] before it is
// sent, one that is larger than its topic allows after the broker refused it. When ctx ends, what has not been answered
// counts as failed; it may arrive nevertheless.
func (c *Client) Send(ctx context.Context, messages []relay.Outgoing) []error {
	errs := c.sendBatch(ctx, messages)
	failed := map[destination]bool{}
	for i, m := range messages {
		to := destination{topic: m.Topic, key: m.Key}
		switch {
		case !errors.Is(errs[i], kerr.MessageTooLarge):
		case failed[to]:
			errs[i] = errHeldBack
		default:
			errs[i] = c.sendAlone(ctx, m)
		}
		if errs[i] != nil {
			failed[to] = true
		}
	}
	return errs
}

// sendAlone sends again what the broker found too large: it refuses what is written together as a whole, so that only an
// event by itself is known to be the one.
func (c *Client) sendAlone(ctx context.Context, m relay.Outgoing) error {
	err := c.sendBatch(ctx, []relay.Outgoing{m})[0]
	if errors.Is(err, kerr.MessageTooLarge) {
		return fmt.Errorf("%w: %w", relay.ErrPermanent, err)
	}
	return err
}

func (c *Client) sendBatch(ctx context.Context, messages []relay.Outgoing) []error {
	b := &batch{client: c, outcomes: make(chan outcome, len(messages)), failed: map[destination]bool{}}
	errs := make([]error, len(messages))
	waiting := map[int]bool{}
	for i, m := range messages {
		if err := b.send(ctx, i, m); err != nil {
			errs[i] = err
			continue
		}
		waiting[i] = true
	}
	for len(waiting) > 0 {
		select {
		case o := <-b.outcomes:
			errs[o.index] = o.err
			delete(waiting, o.index)
		case <-ctx.Done():
			for i := range waiting {
				errs[i] = fmt.Errorf("not acknowledged in time: %w", ctx.Err())
			}
			return errs
		}
	}
	return errs
}

// batch is one call of sendBatch.
type batch struct {
	client   *Client
	outcomes chan outcome

	mu sync.Mutex
	// failed are the keys behind which nothing more is sent.
	failed map[destination]bool
}

// destination is what has an order: a key of a topic.
type destination struct {
	topic, key string
}

// outcome is what became of one message.
type outcome struct {
	index int
	err   error
}

// send hands a message to the client. Its outcome is told later, unless send returns an error.
func (b *batch) send(ctx context.Context, index int, m relay.Outgoing) error {
	to := destination{topic: m.Topic, key: m.Key}
	if b.isHeld(to) {
		return errHeldBack
	}
	topic := b.client.name(m.Topic)
	sending, spanned := b.client.startSend(ctx, m, topic)
	record, err := b.client.record(spanned, topic, m)
	if err != nil {
		b.hold(to)
		sending.end(sendClass(err))
		return err
	}
	b.client.producer.Produce(ctx, record, func(_ *kgo.Record, err error) {
		if err != nil {
			b.hold(to)
			err = fmt.Errorf("send to %s: %w", topic, err)
		}
		class := sendClass(err)
		metrics.Observe(spanned, b.client.measured.sent.WithLabelValues("send", topic, class), time.Since(sending.started))
		sending.end(class)
		b.outcomes <- outcome{index: index, err: err}
	})
	return nil
}

func (b *batch) isHeld(to destination) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failed[to]
}

func (b *batch) hold(to destination) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failed[to] = true
}

// record returns the message as it goes to Kafka, with the trace context of ctx. Its error wraps [relay.ErrPermanent].
func (c *Client) record(ctx context.Context, topic string, m relay.Outgoing) (*kgo.Record, error) {
	value, err := json.Marshal(Event{
		ID:      m.ID.String(),
		Source:  "/" + c.service,
		Type:    m.Type,
		Subject: m.Key,
		Time:    m.Time,
		Version: m.Version,
		Data:    m.Data,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: encode the event: %w", relay.ErrPermanent, err)
	}
	r := &kgo.Record{Topic: topic, Key: []byte(m.Key), Value: value, Headers: make([]kgo.RecordHeader, 0, 3)}
	setHeader(r, "content-type", contentType)
	propagator().Inject(ctx, headers{record: r})
	if size := sizeOf(r); size > c.cfg.MaxMessageBytes {
		return nil, fmt.Errorf("%w: %w: %d bytes, KAFKA_MAX_MESSAGE_BYTES is %d", relay.ErrPermanent, errTooLarge, size, c.cfg.MaxMessageBytes)
	}
	return r, nil
}

var errTooLarge = errors.New("the event is too large")

// sizeOf returns what a record takes, with lengths and offsets rounded up.
func sizeOf(r *kgo.Record) int {
	const perRecord, perHeader = 32, 8
	size := perRecord + len(r.Key) + len(r.Value)
	for _, h := range r.Headers {
		size += perHeader + len(h.Key) + len(h.Value)
	}
	return size
}

// sendClass names what went wrong for spans and metrics, in few words so that the number of series stays bounded.
func sendClass(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, errTooLarge), errors.Is(err, kerr.MessageTooLarge):
		return "too_large"
	case errors.Is(err, relay.ErrPermanent):
		return "malformed"
	case errors.Is(err, kerr.UnknownTopicOrPartition):
		return "unknown_topic"
	case errors.Is(err, kgo.ErrRecordTimeout), errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, context.Canceled):
		return "canceled"
	default:
		return "other"
	}
}
