// Package app puts the service together: it is the one place that knows both the domain and the platform.
package app

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/acme/catalog/internal/clients"
	"github.com/acme/catalog/internal/events"
	"github.com/acme/catalog/internal/platform/adminserver"
	"github.com/acme/catalog/internal/platform/identity"
	"github.com/acme/catalog/internal/platform/logging"
	"github.com/acme/catalog/internal/platform/mongodb"
	"github.com/acme/catalog/internal/product"
	"github.com/acme/catalog/internal/rpc"
	"github.com/acme/catalog/internal/store"
	"github.com/acme/catalog/migrations"
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
	log, _ := logging.New(logs, cfg.Log, identity.New("catalog", version, cfg.Identity))
	commands, err := mongodb.Migrate(ctx, cfg.MongoDB, migrations.MongoDB())
	for _, step := range commands {
		log.InfoContext(ctx, "migration applied", "file.name", step.File)
	}
	if err != nil {
		return err
	}
	log.InfoContext(ctx, "the schema is up to date")
	return nil
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
	productStore := store.NewProducts(p.MongoDB)
	products := product.NewService(productStore, now)

	rpc.Register(p.GRPC, rpc.UseCases{
		Products: products,
	})
	for _, s := range events.Subscriptions(events.UseCases{
		Products: products,
		Orders:   clients.NewOrders(p.Clients.Orders),
		Inbox:    p.MongoDB,
	}) {
		p.Consume(s)
	}
}

func now() time.Time { return time.Now().UTC() }
