// Command mongo runs the stand-in of devstack, FerretDB behind its gate, with its data in a directory that is kept.
//
//	mongo ADDRESS DIRECTORY
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"create-service/templates/devstack/mongostandin"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "mongo:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("%d arguments, want an address and a directory", len(args))
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	server, err := mongostandin.Start(ctx, &mongostandin.Config{Addr: args[0], Directory: args[1]})
	if err != nil {
		return err
	}
	<-ctx.Done()
	return server.Close()
}
