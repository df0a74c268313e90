// Package app puts the service together: it is the one place that knows both the domain and the platform.
package app

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/acme/orders/internal/events"
	"github.com/acme/orders/internal/message"
	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/adminserver"
	"github.com/acme/orders/internal/platform/identity"
	"github.com/acme/orders/internal/platform/logging"
	"github.com/acme/orders/internal/platform/mysqldb"
	"github.com/acme/orders/internal/rest"
	"github.com/acme/orders/internal/rpc"
	"github.com/acme/orders/internal/store"
	"github.com/acme/orders/internal/tasks"
	"github.com/acme/orders/migrations"
)

// Serve runs the service until it is told to stop.
func Serve(ctx context.Context, cfg Config, version string, role Role, logs io.Writer) error {
	p, err := Open(ctx, cfg, version, role, logs)
	if err != nil {
		return err
	}
	register(p)
	return p.Run(ctx)
}

// Migrate brings the database's schema up to date and logs every step that it does.
func Migrate(ctx context.Context, cfg Config, version string, logs io.Writer) error {
	log, _ := logging.New(logs, cfg.Log, identity.New("orders", version, cfg.Identity))
	steps, err := mysqldb.Migrate(ctx, cfg.MySQL, migrations.Files)
	for _, step := range steps {
		log.InfoContext(ctx, "migration applied", "file.name", step.File)
	}
	if err != nil {
		return err
	}
	log.InfoContext(ctx, "the schema is up to date")
	return nil
}

// Unpark lets the messages be sent again that were set aside, once what kept them from their receivers is mended.
func Unpark(ctx context.Context, cfg Config, version string, logs io.Writer) error {
	return command(ctx, cfg, version, logs, func(ctx context.Context, p *Platform) error {
		for _, kind := range []message.Kind{message.Event, message.Task} {
			for _, o := range p.outboxes(kind) {
				count, err := o.source.Unpark(ctx)
				if err != nil {
					return err
				}
				p.Log.InfoContext(ctx, "messages released", "store", o.store, "kind", string(kind), "count", count)
			}
		}
		return nil
	})
}

// command opens the service for something that ends, and closes it.
func command(ctx context.Context, cfg Config, version string, logs io.Writer, do func(context.Context, *Platform) error) (err error) {
	p, err := Open(ctx, cfg, version, roleCommand, logs)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close(ctx)) }()
	return do(ctx, p)
}

// Healthcheck returns nil when the service on this host is ready.
func Healthcheck(ctx context.Context, cfg Config) error {
	return adminserver.Probe(ctx, cfg.Admin)
}

// register puts the domain on the platform.
func register(p *Platform) {
	orderStore := store.NewOrders(p.MySQL)
	orderStore.Admit = order.AtMostOpen(p.Config.Settings.MaxOpenOrders)
	orders := order.NewService(store.NewOrderCache(orderStore, p.Cache), events.Order, now)

	p.TaskServer.Handle(tasks.Handlers(tasks.UseCases{
		Orders: orders,
	}, p.Log)...)
	rpc.Register(p.GRPC, rpc.UseCases{
		Orders: orders,
	})
	rest.Routes(p.HTTP.Router(), rest.UseCases{
		Orders: orders,
	})
	for _, s := range events.Subscriptions(events.UseCases{
		Orders: orders,
		Inbox:  store.NewInbox(p.MySQL),
	}) {
		p.Consume(s)
	}
}

func now() time.Time { return time.Now().UTC() }
