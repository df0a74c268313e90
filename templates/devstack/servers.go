package main

import (
	"context"
	"flag"

	"create-service/templates/devstack/mysqlstandin"
)

// servers declares the flags of the stand-ins that the service needs, and returns what starts them all. Those that were
// started are returned even when a later one fails.
func servers(flags *flag.FlagSet) func(context.Context) ([]server, error) {
	mysql := mysqlstandin.Flags(flags)
	return func(ctx context.Context) (running []server, err error) {
		started, err := mysqlstandin.Start(ctx, mysql)
		if err != nil {
			return running, err
		}
		running = append(running, started)
		return running, nil
	}
}
