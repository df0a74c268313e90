// Command chaos runs the services orders and shipping on real servers of its own, crashes what can crash while orders
// come in, and then looks into the databases, Kafka and Redis: every order that was answered is there, is in shipping
// once, and has its tasks; what was refused left nothing behind. It prints a table and exits 1 when a line of it is wrong.
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
	root   string
	orders int
	// kills is how often orders dies, shippingKills how often shipping does.
	kills, shippingKills int
	// workers is how many requests are under way at the same time.
	workers int
	// rate is how many orders come in a second at most: so that what crashes has work in hand, and time to get some.
	rate int
}

func main() {
	var o options
	flag.StringVar(&o.root, "root", "../..", "`directory` of this repository")
	flag.IntVar(&o.orders, "orders", 2000, "how many orders to create while things crash")
	flag.IntVar(&o.kills, "kills", 10, "how often to kill the orders process meanwhile")
	flag.IntVar(&o.shippingKills, "shipping-kills", 3, "how often to kill the shipping process meanwhile")
	flag.IntVar(&o.rate, "rate", 50, "how many orders to create in a second at most")
	flag.IntVar(&o.workers, "workers", 8, "how many requests are under way at once")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		stop()
		os.Exit(1)
	}
}

// patience bounds each step.
const patience = 10 * time.Minute

// errWrong says that the table has lines that are wrong.
var errWrong = errors.New("not everything is as it must be")

func run(ctx context.Context, o options) (err error) {
	o.root, err = filepath.Abs(o.root)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "chaos-")
	if err != nil {
		return err
	}
	w := &world{options: o, dir: dir, servers: running.Servers{Scripts: filepath.Join(o.root, "test/servers"), Dir: filepath.Join(dir, "servers")}}
	defer func() {
		err = errors.Join(err, w.stop(context.WithoutCancel(ctx)))
		if err == nil {
			err = os.RemoveAll(dir)
			return
		}
		fmt.Fprintln(os.Stderr, "chaos: logs and data are in", dir)
	}()
	if err := w.start(ctx); err != nil {
		return err
	}
	t := &running.Table{}
	for _, step := range []func(context.Context, *world, *running.Table) error{probe, trace, hang, storm, refusals, settle, audit} {
		if err := w.step(ctx, t, step); err != nil {
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

func (w *world) step(ctx context.Context, t *running.Table, do func(context.Context, *world, *running.Table) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return do(ctx, w, t)
}
