package mysqldb

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/otel/propagation"

	"create-service/templates/service/kernel/message"
)

// Send puts messages into the outbox, from where they leave once tx is committed; when it is not, they were never
// there. They carry the trace of ctx.
//
// Messages of one key leave in the order in which their transactions committed, provided that each transaction holds
// the lock on the key's aggregate before it sends.
func Send(ctx context.Context, tx *sql.Tx, messages ...message.Message) error {
	if len(messages) == 0 {
		return nil
	}
	trace := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, trace)
	const row = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6))"
	const insert = "INSERT INTO `outbox` (`message_id`, `kind`, `type`, `topic`, `message_key`, `version`, `time`, `data`," +
		" `traceparent`, `tracestate`, `created_at`) VALUES " + row
	args := make([]any, 0, 10*len(messages))
	for _, m := range messages {
		data, err := json.Marshal(m.Data)
		if err != nil {
			return fmt.Errorf("encode the %s %s: %w", m.Kind, m.Type, err)
		}
		args = append(args, m.ID[:], m.Kind, m.Type, m.Topic, m.Key, m.Version, timeOrNull(m.Time), data, trace.Get("traceparent"), stateOf(trace))
	}
	if _, err := tx.ExecContext(ctx, insert+strings.Repeat(", "+row, len(messages)-1), args...); err != nil {
		return fmt.Errorf("put %d messages into the outbox: %w", len(messages), err)
	}
	return nil
}

// longestState is the size of the column tracestate, and the most that everybody must pass on
// (https://www.w3.org/TR/trace-context/#tracestate-limits). A longer one is left out: the trace goes on without it.
const longestState = 512

func stateOf(trace propagation.MapCarrier) string {
	if state := trace.Get("tracestate"); len(state) <= longestState {
		return state
	}
	return ""
}

func timeOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC()
}
