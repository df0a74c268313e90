// Command faults keeps a service busy whose resource is cached, and takes its Redis away: by kill -9, and by SIGSTOP.
// No request may fail, none may wait long, and nobody may read what is older than what it was told before. It prints a
// table and exits 1 when a line of it is wrong.
//
// The servers are those of test/servers, installed before. Everything else is in a directory that is deleted at the end,
// unless something was wrong.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"create-service/test/services/running"
)

// options are what can be chosen.
type options struct {
	// root is this repository, source a service rendered from test/services/manifests/cached.yaml.
	root, source string
	// orders is how many there are, workers how many requests are under way at once, rate how many begin in a second.
	orders, workers, rate int
	// phase is how long each state of Redis lasts.
	phase time.Duration
}

func main() {
	var o options
	flag.StringVar(&o.root, "root", "../..", "`directory` of this repository")
	flag.StringVar(&o.source, "service", "", "`directory` of the service")
	flag.IntVar(&o.orders, "orders", 200, "how many orders are read")
	flag.IntVar(&o.workers, "workers", 8, "how many requests are under way at once")
	flag.IntVar(&o.rate, "rate", 400, "how many requests begin in a second")
	flag.DurationVar(&o.phase, "phase", 12*time.Second, "how long each state of Redis lasts")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "faults:", err)
		stop()
		os.Exit(1)
	}
}

// patience bounds the whole run.
const patience = 5 * time.Minute

// errWrong says that the table has lines that are wrong.
var errWrong = errors.New("not everything is as it must be")

func run(ctx context.Context, o options) (err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if o.root, err = filepath.Abs(o.root); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "faults-")
	if err != nil {
		return err
	}
	w := newWorld(o, dir)
	defer func() {
		err = errors.Join(err, w.stop(context.WithoutCancel(ctx)))
		if err == nil {
			err = os.RemoveAll(dir)
			return
		}
		fmt.Fprintln(os.Stderr, "faults: logs and data are in", dir)
	}()
	if err := w.start(ctx); err != nil {
		return err
	}
	t := &running.Table{}
	err = w.play(ctx, t)
	fmt.Fprint(os.Stdout, t)
	if err == nil && t.Wrong {
		return errWrong
	}
	return err
}
