package kafka

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"runtime/debug"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/platform/metrics"
)

// settle handles a record, or makes a dead letter of it. It returns false when the record has to be tried again; then
// the lane says when.
func (m *member) settle(ctx context.Context, l *lane, r *kgo.Record) bool {
	handling, ctx := m.startProcess(ctx, r)
	err := m.process(ctx, r)
	defer func() { handling.end(classOf(err)) }()
	if err == nil {
		return true
	}
	l.tries++
	if fateOf(err) == unknown {
		l.failures++
	}
	log := m.log.With("messaging.destination.partition.id", r.Partition, "messaging.kafka.offset", r.Offset, "attempt", l.tries)
	if fateOf(err) == refused || l.failures > m.client.cfg.HandlerRetries {
		buried := m.bury(ctx, r, letter{cause: err, attempts: l.tries})
		if buried == nil {
			log.ErrorContext(ctx, "a record is a dead letter now", "error", err)
			return true
		}
		err = buried
	}
	l.due = time.Now().Add(m.client.cfg.backoff(l.tries))
	m.measured.retries.WithLabelValues(classOf(err)).Inc()
	log.WarnContext(ctx, "a record waits to be tried again", "until", l.due, "error", err)
	return false
}

// backoff returns how long to rest before the next try: a random part ("full jitter") of a limit that doubles.
func (c Config) backoff(tries int) time.Duration {
	limit := c.RetryBackoff << min(tries-1, 20)
	if limit <= 0 || limit > c.MaxRetryBackoff {
		limit = c.MaxRetryBackoff
	}
	part, err := rand.Int(rand.Reader, big.NewInt(int64(limit)))
	if err != nil {
		return limit
	}
	return time.Duration(part.Int64())
}

// process hands a record to the handler and measures it.
func (k *Consumer) process(ctx context.Context, r *kgo.Record) error {
	started := time.Now()
	err := k.call(ctx, r)
	metrics.Observe(ctx, k.measured.handled.WithLabelValues(classOf(err)), time.Since(started))
	if err == nil {
		k.measured.lastSuccess.SetToCurrentTime()
	}
	return err
}

// call decodes the record and calls the handler. A panic is an error.
func (k *Consumer) call(ctx context.Context, r *kgo.Record) (err error) {
	ctx, cancel := context.WithTimeout(ctx, k.client.cfg.HandlerTimeout)
	defer cancel()
	var event Event
	if json.Unmarshal(r.Value, &event) != nil {
		if _, omitted := header(r, HeaderOmitted); omitted {
			return errOmitted
		}
		return errNoEvent
	}
	trace.SpanFromContext(ctx).SetAttributes(
		attribute.String("messaging.message.id", event.ID),
		attribute.String("cloudevents.event_type", event.Type),
		attribute.String("cloudevents.event_source", event.Source),
	)
	defer func() {
		if cause := recover(); cause != nil {
			err = &panicError{cause: cause, stack: debug.Stack()}
		}
	}()
	return k.handle(ctx, event)
}

// panicError is what a handler panicked with.
type panicError struct {
	cause any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.cause, e.stack) }

// fate is what becomes of a record that could not be handled.
type fate int

const (
	// postponed: what the handler needs cannot be reached. Tried for ever, since every other record would fail, too.
	postponed fate = iota
	// refused: the event will never be accepted.
	refused
	// unknown: something went wrong. Tried several times.
	unknown
)

func fateOf(err error) fate {
	kind := fault.KindOf(err)
	switch {
	case kind == fault.Unavailable, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return postponed
	case kind != fault.Internal:
		return refused
	default:
		return unknown
	}
}

// classOf names an error for spans, metrics and dead letters, in few words so that the number of series stays bounded.
func classOf(err error) string {
	_, panicked := errors.AsType[*panicError](err)
	switch {
	case err == nil:
		return ""
	case panicked:
		return "panic"
	case errors.Is(err, errNoEvent):
		return "no_event"
	case errors.Is(err, errBury):
		return "dead_letter"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, context.Canceled):
		return "canceled"
	default:
		return kindName(fault.KindOf(err))
	}
}

func kindName(kind fault.Kind) string {
	switch kind {
	case fault.Malformed:
		return "malformed"
	case fault.Invalid:
		return "invalid"
	case fault.NotFound:
		return "not_found"
	case fault.Exists:
		return "exists"
	case fault.WrongState:
		return "wrong_state"
	case fault.Stale:
		return "stale"
	case fault.VersionRequired:
		return "version_required"
	case fault.Reused:
		return "reused"
	case fault.TooLarge:
		return "too_large"
	case fault.Unsupported:
		return "unsupported"
	case fault.Unavailable:
		return "unavailable"
	default:
		return "unknown"
	}
}
