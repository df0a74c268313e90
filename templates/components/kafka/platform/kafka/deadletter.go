package kafka

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/platform/metrics"
)

// Headers of a dead letter, beside those that the record had. Those about where it came from stay as they were when it
// fails again in a replay.
const (
	// HeaderReason says in words why it could not be handled; it holds no values of the event.
	HeaderReason = "dead-letter-reason"
	// HeaderKind is the kind of error: "malformed", "wrong_state", "panic", "unknown", …
	HeaderKind = "dead-letter-kind"
	// HeaderAttempts is how often it was handled without success, in replays, too.
	HeaderAttempts = "dead-letter-attempts"
	// HeaderConsumer is the group that could not handle it.
	HeaderConsumer = "dead-letter-consumer"
	// HeaderTime is when it became a dead letter, RFC 3339.
	HeaderTime = "dead-letter-time"
	// HeaderTopic, HeaderPartition, HeaderOffset and HeaderTimestamp are where the record was, and its time there.
	HeaderTopic     = "dead-letter-topic"
	HeaderPartition = "dead-letter-partition"
	HeaderOffset    = "dead-letter-offset"
	HeaderTimestamp = "dead-letter-timestamp"
	// HeaderOmitted is there when the dead-letter topic did not take the record as a whole: the letter has no value, and
	// this is how many bytes it had. It is still where the record was, for as long as that topic keeps it.
	HeaderOmitted = "dead-letter-value-omitted"
)

// longestReason bounds HeaderReason in bytes: the domain's words may name many fields.
const longestReason = 1000

var (
	errBury = errors.New("the dead-letter topic did not take the record")
	// errOmitted is what a replay of a letter without its value fails with.
	errOmitted = fault.New(fault.TooLarge, "the value was too large for the dead-letter topic: handle the record where it was")
)

// letter is why a record is a dead letter.
type letter struct {
	cause error
	// attempts is how often the record was tried since it was read.
	attempts int
}

// bury writes a record to the dead-letter topic and returns when it is there. One that is too large for that topic, as
// another team's may be, is written without its value: it would hold its partition back for ever.
func (k *Consumer) bury(ctx context.Context, r *kgo.Record, l letter) error {
	dead := k.deadLetter(r, l)
	err := k.client.produce(ctx, dead)
	if errors.Is(err, kerr.MessageTooLarge) {
		k.log.WarnContext(ctx, "a record is too large for the dead-letter topic, which gets it without its value",
			"messaging.destination.partition.id", r.Partition, "messaging.kafka.offset", r.Offset, "bytes", len(r.Value))
		dead = k.deadLetter(r, l)
		dead.Value = nil
		setHeader(dead, HeaderOmitted, strconv.Itoa(len(r.Value)))
		err = k.client.produce(ctx, dead)
	}
	if err != nil {
		return fmt.Errorf("%w: send to %s: %w", errBury, k.deadLetters, err)
	}
	k.measured.deadLetters.WithLabelValues(classOf(l.cause)).Inc()
	return nil
}

// produce sends a record and returns when it is acknowledged, or has had its time: it may arrive nevertheless.
func (c *Client) produce(ctx context.Context, r *kgo.Record) error {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.DeliveryTimeout)
	defer cancel()
	began := time.Now()
	acknowledged := make(chan error, 1)
	c.producer.Produce(ctx, r, func(_ *kgo.Record, err error) { acknowledged <- err })
	var err error
	select {
	case err = <-acknowledged:
	case <-ctx.Done():
		err = ctx.Err()
	}
	metrics.Observe(ctx, c.measured.sent.WithLabelValues("send", r.Topic, sendClass(err)), time.Since(began))
	return err
}

// deadLetter returns a copy of the record with the reason in its headers; its own headers, key and value stay.
func (k *Consumer) deadLetter(r *kgo.Record, l letter) *kgo.Record {
	dead := &kgo.Record{Topic: k.deadLetters, Key: r.Key, Value: r.Value, Headers: append([]kgo.RecordHeader(nil), r.Headers...)}
	if _, again := header(r, HeaderTopic); !again {
		setHeader(dead, HeaderTopic, r.Topic)
		setHeader(dead, HeaderPartition, strconv.Itoa(int(r.Partition)))
		setHeader(dead, HeaderOffset, strconv.FormatInt(r.Offset, 10))
		setHeader(dead, HeaderTimestamp, r.Timestamp.UTC().Format(time.RFC3339Nano))
	}
	setHeader(dead, HeaderConsumer, k.group)
	setHeader(dead, HeaderKind, classOf(l.cause))
	setHeader(dead, HeaderReason, reasonOf(l.cause))
	setHeader(dead, HeaderAttempts, strconv.Itoa(attemptsOf(r)+l.attempts))
	setHeader(dead, HeaderTime, time.Now().UTC().Format(time.RFC3339Nano))
	return dead
}

// attemptsOf returns how often a dead letter was tried before; zero for other records.
func attemptsOf(r *kgo.Record) int {
	text, _ := header(r, HeaderAttempts)
	attempts, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return attempts
}

// reasonOf returns the words of a fault, which hold no values. Those of other errors may, and stay in the log.
func reasonOf(err error) string {
	refusal, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return "an unexpected error, which the log has"
	}
	reason := refusal.Error()
	if len(reason) > longestReason {
		reason = reason[:longestReason]
	}
	return reason
}
