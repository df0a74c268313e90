package mysqldb

import (
	"context"
	"net"
	"time"
)

// watchdog closes the network connection of a statement that takes too long, which ends the statement. A context with a
// deadline does the same for a timer, two channels and an entry in its parent, each time: half of what observing costs.
type watchdog struct {
	limit time.Duration
	timer *time.Timer
}

// newWatchdog returns the watchdog of one connection, at rest. Without a limit it does nothing.
func newWatchdog(limit time.Duration, line net.Conn) *watchdog {
	if limit == 0 || line == nil {
		return &watchdog{}
	}
	w := &watchdog{limit: limit, timer: time.AfterFunc(limit, func() { _ = line.Close() })}
	w.timer.Stop()
	return w
}

func (w *watchdog) start() {
	if w.timer != nil {
		w.timer.Reset(w.limit)
	}
}

func (w *watchdog) stop() {
	if w.timer != nil {
		w.timer.Stop()
	}
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
