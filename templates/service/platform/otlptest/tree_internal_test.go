package otlptest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// failing is a test that keeps why it failed.
type failing struct {
	testing.TB
	why string
}

func (f *failing) Fatalf(format string, args ...any) { f.why = fmt.Sprintf(format, args...) }

func TestAMissingPathShowsWhatThereIs(t *testing.T) {
	t.Parallel()
	spans := []Span{{Trace: "a", ID: "1", Name: "root"}}
	tb := &failing{TB: t}
	require.Nil(t, await(tb, func() ([]Span, error) { return spans, nil }, time.Millisecond, []string{": root", ": child"}))
	require.Equal(t, "no path of spans\n  : root\n  : child\nin\n: root (0s)\n", tb.why)
}

func TestAPathThatComesLateIsFound(t *testing.T) {
	t.Parallel()
	var spans []Span
	tb := &failing{TB: t}
	found := await(tb, func() ([]Span, error) {
		now := spans
		spans = append(spans, Span{Trace: "a", ID: "1", Name: "root"})
		return now, nil
	}, time.Minute, []string{": root"})
	require.Len(t, found, 1)
	require.Empty(t, tb.why)
}

func TestASourceThatFailsEndsTheTest(t *testing.T) {
	t.Parallel()
	tb := &failing{TB: t}
	require.Nil(t, await(tb, func() ([]Span, error) { return nil, errors.New("no such disk") }, time.Minute, nil))
	require.Equal(t, "otlptest: no such disk", tb.why)
}
