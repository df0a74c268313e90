// Command observability runs the service orders several times on real servers of its own, each time with another fault, and once
// catalog beside it, under a real Prometheus with the services' own rules: every fault must raise its alerts, and where there is none
// no alert may fire. Then it asks each query of the services' dashboards. It prints what fired after how long, and exits 1 when a line is wrong.
//
// Rules, thresholds and durations are those of the services, and so are the intervals of its ServiceMonitor and of Prometheus'
// operator: an alert comes as late here as it does in a cluster. A run takes a quarter of an hour.
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

	"create-service/test/services/running"
)

func main() {
	root := flag.String("root", "../..", "`directory` of this repository")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *root); err != nil {
		fmt.Fprintln(os.Stderr, "observability:", err)
		stop()
		os.Exit(1)
	}
}

// errWrong says that the table has lines that are wrong.
var errWrong = errors.New("not everything is as it must be")

func run(ctx context.Context, root string) (err error) {
	root, err = filepath.Abs(root)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "observability-")
	if err != nil {
		return err
	}
	w := newWorld(root, dir)
	defer func() {
		err = errors.Join(err, w.stop(context.WithoutCancel(ctx)))
		if err == nil {
			err = os.RemoveAll(dir)
			return
		}
		fmt.Fprintln(os.Stderr, "observability: logs and data are in", dir)
	}()
	if err := w.start(ctx); err != nil {
		return err
	}
	t := &running.Table{}
	for _, step := range []func(context.Context, *running.Table) error{w.rulesAreRead, w.faultsAlert, w.metricsExist, w.queriesAnswer} {
		if err := step(ctx, t); err != nil {
			fmt.Fprint(os.Stdout, t)
			return err
		}
	}
	fmt.Fprint(os.Stdout, t)
	if t.Wrong {
		return errWrong
	}
	return nil
}
