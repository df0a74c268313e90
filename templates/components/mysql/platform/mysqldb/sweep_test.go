package mysqldb_test

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"create-service/templates/components/mysql/platform/mysqltest"
)

const insertOld = "INSERT INTO `once_keys` (`once_key`, `digest`, `expires_at`) VALUES (?, ?, UTC_TIMESTAMP(6) + INTERVAL ? MINUTE)"

func TestSweepDeletesWhatHasExpired(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	err := db.Transact(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		for i := range 1500 {
			if _, err := tx.ExecContext(ctx, insertOld, []byte(strconv.Itoa(i)), make([]byte, 32), -1); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, insertOld, []byte("young"), make([]byte, 32), 1)
		return err
	})
	require.NoError(t, err)
	deleted, err := db.SweepOnceKeys(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 1500, deleted)
	require.Equal(t, "young", scan[string](t, db, "SELECT `once_key` FROM `once_keys`"))
}

func TestSweepRunsAtOnceAndUntilItsContextEnds(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	run(t, db, insertOld, []byte("old"), make([]byte, 32), -1)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- db.Sweep(ctx, slog.New(slog.DiscardHandler)) }()
	require.Eventually(t, func() bool { return scan[int](t, db, "SELECT COUNT(*) FROM `once_keys`") == 0 }, 5*time.Second, 10*time.Millisecond)
	stop()
	require.ErrorIs(t, <-ended, context.Canceled)
}

func TestSweepThatFailsIsLogged(t *testing.T) {
	t.Parallel()
	db := open(t, mysqltest.Database(t))
	var lines bytes.Buffer
	ctx, stop := context.WithCancel(t.Context())
	logged := slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		stop() // the line is being written
		return a
	}}))
	require.ErrorIs(t, db.Sweep(ctx, logged), context.Canceled)
	require.Contains(t, lines.String(), "once_keys", "the table is not there")
}
