// Command orders runs the orders service and migrates its database.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/acme/orders/internal/app"
)

// version is set by the build: -ldflags "-X main.version=v1.2.3".
var version string

const usage = `usage: orders <command>

commands:
  serve [-role api|worker|all]   run the service
  migrate                        bring the database's schema up to date
  topics [-all]                  create the topics that are missing
  replay -consumer <name>        hand dead letters to their consumer again
         [-discard <id>]         but drop the one of that event; may be repeated
  unpark                         send again the messages that were set aside
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
	flags.SetOutput(io.Discard)
	var command func(ctx context.Context, cfg app.Config, version string, logs io.Writer) error
	switch args[0] {
	case "serve":
		role := app.RoleAll
		flags.TextVar(&role, "role", role, "what this process does: api, worker or all")
		command = func(ctx context.Context, cfg app.Config, version string, logs io.Writer) error {
			return app.Serve(ctx, cfg, version, role, logs)
		}
	case "migrate":
		command = app.Migrate
	case "topics":
		topics := &app.Topics{}
		flags.BoolVar(&topics.All, "all", false, "also create the topics of other services")
		command = topics.Run
	case "replay":
		replay := &app.Replay{}
		flags.StringVar(&replay.Consumer, "consumer", "", "whose dead letters to replay")
		flags.IntVar(&replay.Limits.Count, "count", 0, "stop after so many; 0: all that are there now")
		flags.DurationVar(&replay.Limits.Idle, "idle", 10*time.Second, "stop when none came for so long")
		flags.Func("discard", "drop the dead letter of this event, or of the record at partition/offset; may be repeated", func(id string) error {
			replay.Limits.Discard = append(replay.Limits.Discard, id)
			return nil
		})
		command = replay.Run
	case "unpark":
		command = app.Unpark
	case "healthcheck":
		command = func(ctx context.Context, cfg app.Config, _ string, _ io.Writer) error {
			return app.Healthcheck(ctx, cfg)
		}
	case "help", "-h", "-help", "--help":
		_, err := fmt.Fprintln(stdout, usage)
		return err
	default:
		return fmt.Errorf("unknown command %q\n%s", args[0], usage)
	}
	if err := parse(flags, args[1:]); err != nil {
		return fmt.Errorf("%w\n%s", err, usage)
	}
	cfg, err := app.Load(environ)
	if err != nil {
		return err
	}
	return command(ctx, cfg, version, stdout)
}

// parse reads the flags. What is left over is an error: a role that was given as a word would be ignored.
func parse(flags *flag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return nil
}
