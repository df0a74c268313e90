package mysqldb

import (
	"context"
	"net"
	"time"
)

// watchdog closes the network connection of a statement that takes too long, or whose caller gives up, which ends the
// statement. The driver would do so too, given a context with a deadline: for a timer, two channels, an entry in the
// context's parent and two turns of another goroutine, each time.
type watchdog struct {
	limit time.Duration
	line  net.Conn
	timer *time.Timer
	// watches is whether a statement is under way, and spent whether one was ended: the connection must not be used again.
	watches, spent bool
}

// newWatchdog returns the watchdog of one connection, at rest. Zero: no limit.
func newWatchdog(limit time.Duration, line net.Conn) *watchdog {
	w := &watchdog{limit: limit, line: line}
	if limit > 0 {
		w.timer = time.AfterFunc(limit, w.bite)
		w.timer.Stop()
	}
	return w
}

// bite ends what the connection is doing.
func (w *watchdog) bite() { _ = w.line.Close() }

// watch guards a statement until stop is called. The returned context is for the driver, which need not watch it.
func (w *watchdog) watch(ctx context.Context) (unwatched context.Context, stop func()) {
	w.watches = true
	if w.timer != nil {
		w.timer.Reset(w.limit)
	}
	if ctx.Done() == nil {
		return ctx, w.rest
	}
	leave := context.AfterFunc(ctx, w.bite)
	return context.WithoutCancel(ctx), func() {
		if !leave() {
			w.spent = true
		}
		w.rest()
	}
}

// rest ends the watch. Where the dog has begun to bite it may do so at any time from now on.
func (w *watchdog) rest() {
	if w.watches && w.timer != nil && !w.timer.Stop() {
		w.spent = true
	}
	w.watches = false
}

// line is where the driver's dialling leaves the network connection, which the driver itself does not show.
type line struct {
	net.Conn
}

type lineKey struct{}

func withLine(ctx context.Context) (context.Context, *line) {
	l := &line{}
	return context.WithValue(ctx, lineKey{}, l), l
}

// dialLine connects as the driver does by itself.
func dialLine(ctx context.Context, network, addr string) (net.Conn, error) {
	opened, err := new(net.Dialer).DialContext(ctx, network, addr)
	if l, ok := ctx.Value(lineKey{}).(*line); ok && err == nil {
		l.Conn = opened
	}
	return opened, err
}
