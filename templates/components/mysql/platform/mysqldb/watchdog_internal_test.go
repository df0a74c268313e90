package mysqldb

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What ends a statement may be late: then it would end the next one, of somebody else.
func TestAConnectionWhoseStatementWasEndedIsNotUsedAgain(t *testing.T) {
	t.Parallel()
	near, far := net.Pipe()
	t.Cleanup(func() { _ = far.Close() })
	tests := map[string]struct {
		limit  time.Duration
		cancel bool
		spent  bool
	}{
		"in time":              {limit: time.Minute},
		"without a limit":      {},
		"after the limit":      {limit: time.Millisecond, spent: true},
		"after the caller":     {limit: time.Minute, cancel: true, spent: true},
		"after a caller alone": {cancel: true, spent: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWatchdog(tt.limit, near)
			ctx, cancel := context.WithCancel(t.Context())
			_, stop := w.watch(ctx)
			if tt.cancel {
				cancel()
			} else if tt.spent {
				time.Sleep(50 * tt.limit)
			}
			stop()
			cancel()
			w.rest()
			require.Equal(t, tt.spent, w.spent)
		})
	}
}
