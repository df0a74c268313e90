// Package mysqloutbox is the outbox in a service's MySQL database, as the relay sees it. Messages come into it by
// [mysqldb.Send] and [mysqldb.Once].
package mysqloutbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"create-service/templates/components/mysql/platform/mysqldb"
	"create-service/templates/components/outbox/platform/relay"
	"create-service/templates/service/kernel/message"
)

// Source is the part of the outbox with messages of one kind. It implements [relay.Source]; all its times are the
// server's.
type Source struct {
	db   *mysqldb.DB
	kind message.Kind
}

// New returns the messages of one kind in db's outbox.
func New(db *mysqldb.DB, kind message.Kind) *Source {
	return &Source{db: db, kind: kind}
}

// Lease makes holder the only one who may relay until term is over, and reports false while another one is.
func (s *Source) Lease(ctx context.Context, holder uuid.UUID, term time.Duration) (bool, error) {
	const query = "UPDATE `outbox_leases` SET `holder` = ?, `ends_at` = UTC_TIMESTAMP(6) + INTERVAL ? MICROSECOND" +
		" WHERE `kind` = ? AND (`holder` = ? OR `ends_at` IS NULL OR `ends_at` < UTC_TIMESTAMP(6))"
	done, err := s.db.ExecContext(ctx, query, holder[:], term.Microseconds(), s.kind, holder[:])
	if err != nil {
		return false, fmt.Errorf("take the lease of the outbox: %w", err)
	}
	rows, err := done.RowsAffected()
	if err != nil {
		return false, fmt.Errorf("take the lease of the outbox: %w", err)
	}
	return rows > 0, nil
}

// Release ends holder's lease, if it has one.
func (s *Source) Release(ctx context.Context, holder uuid.UUID) error {
	const query = "UPDATE `outbox_leases` SET `holder` = NULL, `ends_at` = NULL WHERE `kind` = ? AND `holder` = ?"
	if _, err := s.db.ExecContext(ctx, query, s.kind, holder[:]); err != nil {
		return fmt.Errorf("release the lease of the outbox: %w", err)
	}
	return nil
}

// sendable is what may be sent of the messages of a kind: what waits, and is not behind a parked one of its key.
const sendable = " FROM `outbox` AS `o` WHERE `kind` = ? AND `sent_at` IS NULL AND `parked_at` IS NULL" +
	" AND NOT EXISTS (SELECT 1 FROM `outbox` AS `p` WHERE `p`.`parked_at` IS NOT NULL AND `p`.`message_key` = `o`.`message_key`" +
	" AND `p`.`topic` = `o`.`topic` AND `p`.`kind` = `o`.`kind` AND `p`.`seq` < `o`.`seq`)" +
	" ORDER BY `seq` LIMIT ?"

// pendingBytes is how much data of messages one call of Pending gives: large ones must not fill a worker's memory.
const pendingBytes = 8 << 20

// Pending returns the oldest messages that wait, without those that are behind a parked one of their key. They are fewer
// when their data is large.
func (s *Source) Pending(ctx context.Context, limit int) ([]relay.Outgoing, error) {
	const query = "SELECT `seq`, `message_id`, `type`, `topic`, `message_key`, `version`, `time`, `data`, `traceparent`, `tracestate`, `created_at`" +
		sendable
	size := 0
	pending, err := mysqldb.Collect(ctx, s.db, query, []any{s.kind, limit}, func(row mysqldb.Row) (relay.Outgoing, error) {
		m, err := s.scan(row)
		if size += len(m.Data); err == nil && size >= pendingBytes {
			err = mysqldb.ErrEnough
		}
		return m, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the outbox: %w", err)
	}
	return pending, nil
}

func (s *Source) scan(row mysqldb.Row) (relay.Outgoing, error) {
	m := relay.Outgoing{Kind: s.kind}
	var at sql.NullTime
	var parent, state string
	var seq int64
	err := row.Scan(&seq, &m.ID, &m.Type, &m.Topic, &m.Key, &m.Version, &at, (*[]byte)(&m.Data), &parent, &state, &m.CommittedAt)
	m.Place, m.Time = seq, at.Time
	if parent != "" {
		m.Trace = map[string]string{"traceparent": parent}
		if state != "" {
			m.Trace["tracestate"] = state
		}
	}
	return m, err
}

// Sent marks messages as delivered.
func (s *Source) Sent(ctx context.Context, messages []relay.Outgoing) error {
	if len(messages) == 0 {
		return nil
	}
	args := make([]any, len(messages))
	for i, m := range messages {
		args[i] = m.Place
	}
	query := "UPDATE `outbox` SET `sent_at` = UTC_TIMESTAMP(6) WHERE `seq` IN (?" + strings.Repeat(", ?", len(args)-1) + ")"
	if _, err := s.db.ExecContext(ctx, query, args...); err != nil {
		return fmt.Errorf("mark %d messages as sent: %w", len(messages), err)
	}
	return nil
}

// longestReason is the size of the column outbox.parked_reason in characters.
const longestReason = 1000

// Park sets a message aside with a reason.
func (s *Source) Park(ctx context.Context, parked relay.Outgoing, reason string) error {
	const query = "UPDATE `outbox` SET `parked_at` = UTC_TIMESTAMP(6), `parked_reason` = ? WHERE `seq` = ?"
	characters := []rune(strings.ToValidUTF8(reason, "�"))
	if _, err := s.db.ExecContext(ctx, query, string(characters[:min(len(characters), longestReason)]), parked.Place); err != nil {
		return fmt.Errorf("park message %s: %w", parked.ID, err)
	}
	return nil
}

// Unpark lets every parked message of the kind be sent again, and returns how many.
func (s *Source) Unpark(ctx context.Context) (int64, error) {
	const query = "UPDATE `outbox` SET `parked_at` = NULL, `parked_reason` = NULL WHERE `parked_at` IS NOT NULL AND `kind` = ?"
	done, err := s.db.ExecContext(ctx, query, s.kind)
	if err != nil {
		return 0, fmt.Errorf("release parked messages: %w", err)
	}
	return done.RowsAffected()
}

// Backlog counts what waits and what is parked.
func (s *Source) Backlog(ctx context.Context) (b relay.Backlog, err error) {
	const waiting = "SELECT COUNT(*) FROM (SELECT 1 FROM `outbox` WHERE `kind` = ? AND `sent_at` IS NULL AND `parked_at` IS NULL LIMIT ?) AS `w`"
	if err := s.db.QueryRowContext(ctx, waiting, s.kind, relay.MostCounted).Scan(&b.Waiting); err != nil {
		return b, fmt.Errorf("count the outbox: %w", err)
	}
	const parked = "SELECT COUNT(*) FROM `outbox` WHERE `parked_at` IS NOT NULL AND `kind` = ?"
	if err := s.db.QueryRowContext(ctx, parked, s.kind).Scan(&b.Parked); err != nil {
		return b, fmt.Errorf("count the parked messages: %w", err)
	}
	if b.Waiting == 0 {
		return b, nil
	}
	const oldest = "SELECT `created_at`" + sendable
	if err := s.db.QueryRowContext(ctx, oldest, s.kind, 1).Scan(&b.Oldest); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return b, fmt.Errorf("find the oldest message: %w", err)
	}
	return b, nil
}

// sweepBatch is how many rows one statement of a sweep deletes: few enough for a lock of milliseconds.
const sweepBatch = 1000

// Sweep deletes messages that were delivered longer than age ago, in small batches, and returns how many.
func (s *Source) Sweep(ctx context.Context, age time.Duration) (deleted int64, err error) {
	const query = "DELETE FROM `outbox` WHERE `kind` = ? AND `sent_at` < UTC_TIMESTAMP(6) - INTERVAL ? SECOND ORDER BY `sent_at` LIMIT ?"
	for {
		done, err := s.db.ExecContext(ctx, query, s.kind, int64(age/time.Second), sweepBatch)
		if err != nil {
			return deleted, fmt.Errorf("sweep the outbox: %w", err)
		}
		batch, err := done.RowsAffected()
		if err != nil {
			return deleted, fmt.Errorf("sweep the outbox: %w", err)
		}
		deleted += batch
		if batch < sweepBatch {
			return deleted, nil
		}
	}
}
