package mysqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"syscall"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"create-service/templates/service/kernel/fault"
)

func TestErrorsAreClassified(t *testing.T) {
	t.Parallel()
	answer := func(number uint16) error { return &mysql.MySQLError{Number: number, Message: "a message"} }
	for name, c := range map[string]struct {
		err   error
		kind  fault.Kind
		class string
	}{
		"nil":                 {nil, fault.Internal, ""},
		"duplicate":           {answer(1062), fault.Internal, "duplicate"},
		"syntax":              {answer(1064), fault.Internal, "other"},
		"deadlock":            {answer(1213), fault.Unavailable, "conflict"},
		"lock wait":           {answer(1205), fault.Unavailable, "conflict"},
		"row changed":         {answer(1020), fault.Unavailable, "conflict"},
		"too many":            {answer(1040), fault.Unavailable, "unavailable"},
		"shutdown":            {answer(1053), fault.Unavailable, "unavailable"},
		"read only":           {answer(1290), fault.Unavailable, "unavailable"},
		"refused connection":  {&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, fault.Unavailable, "unavailable"},
		"bad connection":      {driver.ErrBadConn, fault.Unavailable, "unavailable"},
		"invalid connection":  {mysql.ErrInvalidConn, fault.Unavailable, "unavailable"},
		"end of stream":       {io.ErrUnexpectedEOF, fault.Internal, "other"},
		"end":                 {fmt.Errorf("read: %w", io.EOF), fault.Unavailable, "unavailable"},
		"caller's deadline":   {context.DeadlineExceeded, fault.Internal, "timeout"},
		"caller went away":    {context.Canceled, fault.Internal, "canceled"},
		"asked to retry":      {fmt.Errorf("swept: %w", ErrRetry), fault.Internal, "conflict"},
		"something unrelated": {errors.New("unrelated"), fault.Internal, "other"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			explained := explain(c.err)
			require.Equal(t, c.kind, fault.KindOf(explained))
			require.Equal(t, c.class, classOf(explained))
			if c.err != nil {
				require.ErrorIs(t, explained, c.err)
			}
			require.Equal(t, explained, explain(explained), "explaining twice changes nothing")
		})
	}
}

func TestMessagesWithValuesAreHidden(t *testing.T) {
	t.Parallel()
	for number, shown := range map[uint16]bool{1062: false, 1064: false, 1366: false, 1292: false, 1146: true, 1406: true, 1213: true, 1040: true} {
		answer := &mysql.MySQLError{Number: number, SQLState: [5]byte([]byte("23000")), Message: "the message"}
		text := fmt.Errorf("insert: %w", explain(answer)).Error()
		require.Contains(t, text, strconv.Itoa(int(number)))
		require.Equal(t, shown, len(text) > len("insert: mysql error 0000 (23000)"), text)
	}
}
