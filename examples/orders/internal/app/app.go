// Package app puts the service together: it is the one place that knows both the domain and the platform.
package app

import (
	"context"
	"io"
	"time"

	"github.com/acme/orders/internal/order"
	"github.com/acme/orders/internal/platform/adminserver"
	"github.com/acme/orders/internal/platform/identity"
	"github.com/acme/orders/internal/platform/logging"
	"github.com/acme/orders/internal/platform/mysqldb"
	"github.com/acme/orders/internal/rest"
	"github.com/acme/orders/internal/store"
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

// Healthcheck returns nil when the service on this host is ready.
func Healthcheck(ctx context.Context, cfg Config) error {
	return adminserver.Probe(ctx, cfg.Admin)
}

// register puts the domain on the platform.
func register(p *Platform) {
	kept := store.NewOrders(p.MySQL)
	kept.Admit = order.AtMostOpen(p.Config.Settings.MaxOpenOrders)
	orders := order.NewService(kept, now)

	rest.Routes(p.HTTP.Router(), rest.UseCases{
		Orders: orders,
	})
}

func now() time.Time { return time.Now().UTC() }
