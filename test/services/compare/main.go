// Command compare measures GET /v1/orders/{id} of a generated service and of the one in baseline that was written by hand:
// the same rows on one MariaDB, in one run, in turns. The generated service logs, measures and traces as it does by default,
// and its traces go to a collector; the other does none of that.
//
// What counts is the processor time of the service's process, per request: user and system, as /proc/PID/stat has it, so
// what the database, the collector and the load generator use is not in it. It prints a table and exits 1 when the median
// ratio is above the bar.
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

// options are what can be chosen.
type options struct {
	// root is this repository, source a service rendered from test/services/compared-orders.yaml.
	root, source string
	// rounds is how often each service is measured, requests how many it then answers, clients how many of them at once.
	rounds, requests, clients int
	// orders is how many rows there are.
	orders int
	// bar is the largest ratio of processor time that is allowed.
	bar float64
	// gogc is what both run with, as GOGC. Empty: each as it is.
	gogc string
	// profile is a file for a profile of the generated service, in a round of its own.
	profile string
}

func main() {
	var o options
	flag.StringVar(&o.root, "root", "../..", "`directory` of this repository")
	flag.StringVar(&o.source, "service", "", "`directory` of the generated service")
	flag.IntVar(&o.rounds, "rounds", 11, "how often each is measured")
	flag.IntVar(&o.requests, "requests", 20_000, "how many requests each answers in a round")
	flag.IntVar(&o.clients, "clients", 8, "how many requests are under way at once")
	flag.IntVar(&o.orders, "orders", 200, "how many orders there are")
	flag.Float64Var(&o.bar, "bar", 1.3, "largest ratio of processor time")
	flag.StringVar(&o.gogc, "gogc", "", "GOGC of both services; empty: each as it is")
	flag.StringVar(&o.profile, "profile", "", "also profile the generated service, into this `file`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		stop()
		os.Exit(1)
	}
}

// errAbove says that the generated service needs too much.
var errAbove = errors.New("the generated service is above the bar")

func run(ctx context.Context, o options) (err error) {
	if o.root, err = filepath.Abs(o.root); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "compare-")
	if err != nil {
		return err
	}
	w := &world{options: o, dir: dir, servers: running.Servers{
		Scripts: filepath.Join(o.root, "test/servers"), Dir: filepath.Join(dir, "servers"),
	}}
	defer func() {
		err = errors.Join(err, w.stop(context.WithoutCancel(ctx)), os.RemoveAll(dir))
	}()
	if err := w.start(ctx); err != nil {
		return err
	}
	rounds, err := w.measure(ctx)
	if err != nil {
		return err
	}
	ratio := report(os.Stdout, o, rounds)
	if ratio > o.bar {
		return fmt.Errorf("%w: %.2f, allowed %.2f", errAbove, ratio, o.bar)
	}
	return nil
}
