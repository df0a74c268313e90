package mysqldb_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/components/mysql/platform/mysqldb"
	"create-service/templates/service/kernel/fault"
)

const secret = "jane.doe@example.com"

func TestSpansHoldNoValues(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	insert := func() error {
		_, err := db.ExecContext(t.Context(), "INSERT INTO `things` (`name`) VALUES (?)", secret)
		return err
	}
	require.NoError(t, insert())
	err := insert()
	require.True(t, mysqldb.IsDuplicate(err))
	require.NotContains(t, fmt.Sprintf("%v %+v", err, err), secret)
	require.ErrorContains(t, err, "1062")

	spans := named(db.spans.Ended(), "INSERT")
	require.Len(t, spans, 2)
	require.Equal(t, trace.SpanKindClient, spans[0].SpanKind())
	require.Contains(t, spans[0].Attributes(), attribute.String("db.query.text", "INSERT INTO `things` (`name`) VALUES (?)"))
	require.Contains(t, spans[1].Attributes(), attribute.String("error.type", "duplicate"))
	for _, span := range db.spans.Ended() {
		require.NotContains(t, fmt.Sprint(span.Attributes(), span.Events(), span.Status()), secret)
	}
}

func TestTransactionsAreObserved(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	parent, end := context.WithCancel(t.Context())
	defer end()
	tx, err := db.BeginTx(parent, nil)
	require.NoError(t, err)
	require.NoError(t, tx.Commit())
	tx, err = db.BeginTx(parent, nil)
	require.NoError(t, err)
	require.NoError(t, tx.Rollback())
	require.Len(t, named(db.spans.Ended(), "BEGIN"), 2)
	require.Len(t, named(db.spans.Ended(), "COMMIT"), 1)
	require.Len(t, named(db.spans.Ended(), "ROLLBACK"), 1)
}

func TestStatementsAreMeasuredByOperationAndOutcome(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	run(t, db, "INSERT INTO `things` (`name`) VALUES ('a')")
	_, err := db.ExecContext(t.Context(), " \n insert\nINTO `things` (`name`) VALUES ('a')")
	require.Error(t, err)
	run(t, db, "SET @a = 1")
	scan[int](t, db, "SELECT 1")
	prepared, err := db.PrepareContext(t.Context(), "SELECT `name` FROM `things` WHERE `count` = ?")
	require.NoError(t, err)
	defer prepared.Close()
	var name string
	require.NoError(t, prepared.QueryRowContext(t.Context(), 0).Scan(&name))

	families, err := db.registry.Gather()
	require.NoError(t, err)
	counts := map[string]uint64{}
	for _, family := range families {
		if family.GetName() != "db_client_operation_duration_seconds" {
			continue
		}
		for _, metric := range family.GetMetric() {
			var labels []string
			for _, label := range metric.GetLabel() {
				labels = append(labels, label.GetValue())
			}
			counts[strings.Join(labels, " ")] = metric.GetHistogram().GetSampleCount()
		}
	}
	require.Equal(t, map[string]uint64{
		"INSERT mysql ":          1,
		"INSERT mysql duplicate": 1,
		"OTHER mysql ":           1,
		"SELECT mysql ":          2,
	}, counts)
}

func TestStatementHasALimit(t *testing.T) {
	t.Parallel()
	cfg := migrated(t)
	cfg.StatementTimeout = 300 * time.Millisecond
	db := open(t, cfg)
	prepared, err := db.PrepareContext(t.Context(), "SELECT SLEEP(?)")
	require.NoError(t, err)
	defer prepared.Close()
	for name, run := range map[string]func() error{
		"exec": func() error {
			_, err := db.ExecContext(t.Context(), "SELECT SLEEP(3)")
			return err
		},
		"query": func() error {
			var slept int
			return db.QueryRowContext(t.Context(), "SELECT SLEEP(3)").Scan(&slept)
		},
		"prepared": func() error {
			var slept int
			return prepared.QueryRowContext(t.Context(), 3).Scan(&slept)
		},
		"in a transaction": func() error {
			tx, err := db.BeginTx(t.Context(), nil)
			require.NoError(t, err)
			defer func() { _ = tx.Rollback() }()
			_, err = tx.ExecContext(t.Context(), "SELECT SLEEP(3)")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			err := run()
			require.ErrorContains(t, err, "limit of 300ms")
			require.Equal(t, fault.Unavailable, fault.KindOf(err))
			require.NotErrorIs(t, err, context.DeadlineExceeded, "it was not the caller's deadline")
			require.Less(t, time.Since(began), 2*time.Second)
		})
	}
	require.NoError(t, db.Check(t.Context()), "the pool replaces the connections")
}

func TestCallersContextStaysTheCallers(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := db.ExecContext(ctx, "SELECT SLEEP(3)")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, fault.Internal, fault.KindOf(err))

	canceled, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	_, err = db.ExecContext(canceled, "SELECT SLEEP(3)")
	require.ErrorIs(t, err, context.Canceled)
}

func TestRowsComeWholeAndTyped(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	for i := range 300 {
		run(t, db, "INSERT INTO `things` (`name`, `count`) VALUES (?, ?)", fmt.Sprintf("thing %d", i), i)
	}
	rows, err := db.QueryContext(t.Context(), "SELECT `name`, `count` FROM `things` ORDER BY `id`")
	require.NoError(t, err)
	defer rows.Close()
	types, err := rows.ColumnTypes()
	require.NoError(t, err)
	require.Equal(t, "VARCHAR", types[0].DatabaseTypeName())
	read := 0
	for rows.Next() {
		var name string
		var count int
		require.NoError(t, rows.Scan(&name, &count))
		assert.Equal(t, read, count)
		read++
	}
	require.NoError(t, rows.Err())
	require.Equal(t, 300, read)
}

func TestSeriesAreBounded(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	for _, query := range []string{"SELECT 1", "SHOW TABLES", "SET @a = 1", "EXPLAIN SELECT 1"} {
		run(t, db, query)
	}
	count, err := testutil.GatherAndCount(db.registry, "db_client_operation_duration_seconds")
	require.NoError(t, err)
	require.Equal(t, 2, count, "all but SELECT share one series")
}

func named(spans []sdktrace.ReadOnlySpan, name string) (found []sdktrace.ReadOnlySpan) {
	for _, span := range spans {
		if span.Name() == name {
			found = append(found, span)
		}
	}
	return found
}

// Who gives up gets an answer at once, whatever it was waiting for, and the pool goes on.
func TestACallerMayGiveUp(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	for name, run := range map[string]func(context.Context) error{
		"exec": func(ctx context.Context) error {
			_, err := db.ExecContext(ctx, "SELECT SLEEP(3)")
			return err
		},
		"query": func(ctx context.Context) error {
			var slept int
			return db.QueryRowContext(ctx, "SELECT SLEEP(3)").Scan(&slept)
		},
		"prepared": func(ctx context.Context) error {
			prepared, err := db.PrepareContext(ctx, "SELECT SLEEP(?)")
			if err != nil {
				return err
			}
			defer func() { _ = prepared.Close() }()
			var slept int
			return prepared.QueryRowContext(ctx, 3).Scan(&slept)
		},
		"rows": func(ctx context.Context) error {
			var slept int
			return db.QueryRowContext(ctx, "SELECT SLEEP(`seq`.`n`) FROM (SELECT 0 AS `n` UNION ALL SELECT 3) AS `seq` ORDER BY SLEEP(`seq`.`n`)").Scan(&slept)
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(100*time.Millisecond, cancel)
			began := time.Now()
			err := run(ctx)
			require.ErrorIs(t, err, context.Canceled)
			require.NotEqual(t, fault.Unavailable, fault.KindOf(err), "the server is well")
			require.Less(t, time.Since(began), 2*time.Second)
		})
	}
	require.NoError(t, db.Check(t.Context()), "the pool replaces the connections")
}

func TestNoSpanInATraceThatIsNotRecorded(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	caller := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}})
	_, err := db.ExecContext(trace.ContextWithSpanContext(t.Context(), caller), "INSERT INTO `things` (`name`) VALUES ('a')")
	require.NoError(t, err)
	require.Empty(t, named(db.spans.Ended(), "INSERT"))
}
