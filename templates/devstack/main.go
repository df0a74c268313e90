// Command devstack runs every stand-in there is: what a rendered service has is the part of it that it needs.
package main

import (
	"context"
	"flag"

	"create-service/templates/devstack/issuerstandin"
	"create-service/templates/devstack/kafkastandin"
	"create-service/templates/devstack/mongostandin"
	"create-service/templates/devstack/mysqlstandin"
	"create-service/templates/devstack/redisstandin"
	"create-service/templates/devstack/stack"
)

func main() { stack.Main(servers) }

func servers(flags *flag.FlagSet) stack.Starter {
	issuer := issuerstandin.Flags(flags, "service")
	cache := redisstandin.Flags(flags, "cache", "CACHE_REDIS_ADDR")
	kafka := kafkastandin.Flags(flags)
	mongo := mongostandin.Flags(flags)
	mysql := mysqlstandin.Flags(flags)
	tasks := redisstandin.Flags(flags, "tasks", "ASYNQ_REDIS_ADDR")
	return func(ctx context.Context) (running []stack.Server, err error) {
		issuerServer, err := issuerstandin.Start(ctx, issuer)
		if err != nil {
			return running, err
		}
		running = append(running, issuerServer)
		cacheServer, err := redisstandin.Start(cache)
		if err != nil {
			return running, err
		}
		running = append(running, cacheServer)
		kafkaServer, err := kafkastandin.Start(ctx, kafka)
		if err != nil {
			return running, err
		}
		running = append(running, kafkaServer)
		mongoServer, err := mongostandin.Start(ctx, mongo)
		if err != nil {
			return running, err
		}
		running = append(running, mongoServer)
		mysqlServer, err := mysqlstandin.Start(ctx, mysql)
		if err != nil {
			return running, err
		}
		running = append(running, mysqlServer)
		tasksServer, err := redisstandin.Start(tasks)
		if err != nil {
			return running, err
		}
		return append(running, tasksServer), nil
	}
}
