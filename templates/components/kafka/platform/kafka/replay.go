package kafka

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// ReplayLimits say when a replay ends and what it leaves out.
type ReplayLimits struct {
	// Count is the most dead letters to handle; zero: all that are there at the beginning.
	Count int
	// Idle ends a replay that gets no more records, as when another one has the partitions. It is an error when some are
	// left then.
	Idle time.Duration
	// Discard names dead letters that are dropped instead of handled: by the id of their event, or by where the record was
	// before it became one, as "partition/offset".
	Discard []string
}

// Replayed is what a replay has done.
type Replayed struct {
	// Handled dead letters had their effect now, or had it before.
	Handled int
	// Failed ones are at the end of the topic again, with one more attempt and the new reason.
	Failed int
	// Discarded ones were dropped as [ReplayLimits] say.
	Discarded int
}

// Replay hands the dead letters of a subscription to its handler, each once, and returns how that went. Those that
// come while it runs are left for the next time.
//
// It stops with an error at the first one whose effect cannot be reached for now: the replay is then to be repeated, and
// goes on where it was, since what is done is committed for the group of the consumer with ".replay" behind it. At the
// end it deletes what is committed, when the account may.
func (c *Client) Replay(ctx context.Context, s Subscription, limits ReplayLimits) (Replayed, error) {
	k := c.NewConsumer(s)
	k.topic, k.group = k.deadLetters, k.replayGroup()
	places, err := c.places(ctx, k.group, k.topic)
	if err != nil {
		return Replayed{}, err
	}
	m := &member{Consumer: k, lanes: map[int32]*lane{}}
	if err := m.join(); err != nil {
		return Replayed{}, err
	}
	defer m.leave(ctx)
	defer k.deleteSettled(ctx)
	r := &replay{member: m, limits: limits, places: places}
	for !r.isDone() {
		more, err := r.next(ctx)
		if err != nil {
			return r.done, err
		}
		if !more {
			return r.done, r.unreached(ctx)
		}
	}
	return r.done, nil
}

// deleteSettled deletes the dead letters that replays have taken. Brokers forget the offsets of a group without members
// (offsets.retention.minutes) before the topic forgets its records.
func (k *Consumer) deleteSettled(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), k.client.cfg.RequestTimeout)
	defer cancel()
	places, err := k.client.places(ctx, k.group, k.topic)
	settled := kadm.Offsets{}
	for partition, p := range places {
		if p.next > p.start {
			settled.AddOffset(k.topic, partition, p.next, -1)
		}
	}
	if err == nil && len(settled) > 0 {
		var deleted kadm.DeleteRecordsResponses
		deleted, err = k.client.admin.DeleteRecords(ctx, settled)
		err = errors.Join(err, deleted.Error())
	}
	if err != nil {
		k.log.WarnContext(ctx, "settled dead letters were not deleted, for which the account needs the right: they count again, "+
			"and are replayed again, once the brokers forget the group's offsets (offsets.retention.minutes)", "error", err)
	}
}

// replayGroup is the group whose offsets say which dead letters were taken up.
func (k *Consumer) replayGroup() string { return k.group + ".replay" }

// replay is one run of Replay.
type replay struct {
	*member
	limits ReplayLimits
	// places are where the partitions were at the beginning; those that are finished are removed.
	places map[int32]place
	done   Replayed
}

// isDone reports whether there is nothing left to do.
func (r *replay) isDone() bool {
	for partition, p := range r.places {
		if p.next >= p.end {
			delete(r.places, partition)
		}
	}
	return len(r.places) == 0 || r.limits.Count > 0 && r.done.Handled+r.done.Failed+r.done.Discarded >= r.limits.Count
}

// next handles one dead letter and commits it. It returns false when none came in time.
func (r *replay) next(ctx context.Context) (more bool, err error) {
	polling, cancel := context.WithTimeout(ctx, r.limits.Idle)
	defer cancel()
	fetches := r.connection.PollRecords(polling, 1)
	defer r.connection.AllowRebalance()
	if err := fetches.Err(); err != nil {
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			return false, nil
		}
		return false, fmt.Errorf("read %s: %w", r.topic, err)
	}
	for _, dead := range fetches.Records() {
		if err := r.take(ctx, dead); err != nil {
			return false, err
		}
	}
	return true, nil
}

// unreached returns an error when there are letters that neither this replay nor another one has taken.
func (r *replay) unreached(ctx context.Context) error {
	now, err := r.client.places(ctx, r.group, r.topic)
	if err != nil {
		return err
	}
	var left int64
	for partition, p := range r.places {
		left += max(p.end-now[partition].next, 0)
	}
	if left == 0 {
		return nil
	}
	return fmt.Errorf("%d dead letters were not reached in %s: another replay has them, or one that was killed "+
		"is in the group until its KAFKA_SESSION_TIMEOUT (%s) is over: repeat the replay then",
		left, r.limits.Idle, r.client.cfg.SessionTimeout)
}

// take settles a dead letter and commits it, unless it came after the beginning.
func (r *replay) take(ctx context.Context, dead *kgo.Record) error {
	p, wanted := r.places[dead.Partition]
	if !wanted || dead.Offset >= p.end {
		delete(r.places, dead.Partition)
		return nil
	}
	switch {
	case dead.Attrs.IsControl():
		// The end of a transaction is no letter.
	case r.isDiscarded(dead):
		r.discard(ctx, dead)
	default:
		if err := r.again(ctx, dead); err != nil {
			return err
		}
	}
	if err := r.connection.CommitRecords(ctx, dead); err != nil {
		return fmt.Errorf("commit the replay: %w", err)
	}
	p.next = dead.Offset + 1
	r.places[dead.Partition] = p
	return nil
}

// isDiscarded reports whether the letter is to be dropped.
func (r *replay) isDiscarded(dead *kgo.Record) bool {
	id, _ := identity(dead)
	return id != "" && slices.Contains(r.limits.Discard, id) || slices.Contains(r.limits.Discard, originOf(dead))
}

// discard says what is lost with a letter.
func (r *replay) discard(ctx context.Context, dead *kgo.Record) {
	id, eventType := identity(dead)
	reason, _ := header(dead, HeaderReason)
	r.log.WarnContext(ctx, "a dead letter is discarded",
		"message.id", id, "message.type", eventType, "dead_letter.origin", originOf(dead), "dead_letter.reason", reason)
	r.done.Discarded++
}

// identity returns the id and type of the event in a letter; both are empty when there is none.
func identity(dead *kgo.Record) (id, eventType string) {
	var event Event
	if json.Unmarshal(dead.Value, &event) != nil {
		return "", ""
	}
	return event.ID, event.Type
}

// originOf returns "partition/offset" of the record before it became a dead letter: a replay changes its place, but not
// this.
func originOf(dead *kgo.Record) string {
	partition, _ := header(dead, HeaderPartition)
	offset, _ := header(dead, HeaderOffset)
	return partition + "/" + offset
}

// again handles a dead letter, and buries it again when that fails.
func (r *replay) again(ctx context.Context, dead *kgo.Record) error {
	handling, ctx := r.startProcess(ctx, dead)
	err := r.process(ctx, dead)
	handling.end(classOf(err))
	switch {
	case err == nil:
		r.done.Handled++
	case fateOf(err) == postponed:
		return fmt.Errorf("stopped at offset %d of partition %d: %w", dead.Offset, dead.Partition, err)
	default:
		if err := r.bury(ctx, dead, letter{cause: err, attempts: 1}); err != nil {
			return err
		}
		id, eventType := identity(dead)
		r.log.WarnContext(ctx, "a dead letter failed again",
			"message.id", id, "message.type", eventType, "dead_letter.origin", originOf(dead), "error", err)
		r.done.Failed++
	}
	return nil
}
