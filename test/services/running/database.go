package running

import (
	"context"
	"database/sql"
	"errors"

	"github.com/go-sql-driver/mysql"
)

// Database makes a database of that name on the server of dsn, and returns how to reach it.
func Database(ctx context.Context, dsn, name string) (*mysql.Config, error) {
	cfg, err := mysql.ParseDSN(dsn)
	if err != nil {
		return nil, err
	}
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, err
	}
	admin := sql.OpenDB(connector)
	_, err = admin.ExecContext(ctx, "CREATE DATABASE `"+name+"`")
	if err := errors.Join(err, admin.Close()); err != nil {
		return nil, err
	}
	cfg = cfg.Clone()
	cfg.DBName = name
	return cfg, nil
}
