// Command orders runs the orders service and migrates its database.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/acme/orders/internal/app"
)

// version is set by the build: -ldflags "-X main.version=v1.2.3".
var version string

const usage = `usage: orders <command>

commands:
  serve [-role api|worker|all]   run the service
  migrate                        bring the database's schema up to date
  healthcheck                    exit 0 if the service on this host is ready`

func main() {
	if err := run(context.Background(), os.Args[1:], os.Environ(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "orders:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args, environ []string, stdout io.Writer) error {
	if len(args) == 0 {
		return errors.New(usage)
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	role := app.RoleAll
	if args[0] == "serve" {
		flags.TextVar(&role, "role", role, "what this process does: api, worker or all")
	}
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	cfg, err := app.Load(environ)
	if err != nil {
		return err
	}
	switch args[0] {
	case "serve":
		return app.Serve(ctx, cfg, version, role, stdout)
	case "migrate":
		return app.Migrate(ctx, cfg)
	case "healthcheck":
		return app.Healthcheck(ctx, cfg)
	default:
		return fmt.Errorf("unknown command %q\n%s", args[0], usage)
	}
}
