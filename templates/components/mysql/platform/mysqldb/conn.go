package mysqldb

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"time"
)

// connector opens connections whose every statement is observed.
type connector struct {
	driver.Connector
	observer *observer
	// limit bounds the whole opening; the driver's own timeout ends with the TCP connection.
	limit time.Duration
}

func (c *connector) Connect(caller context.Context) (driver.Conn, error) {
	ctx, cancel := context.WithTimeout(caller, c.limit)
	defer cancel()
	opened, err := c.Connector.Connect(ctx)
	if err != nil && ctx.Err() != nil && caller.Err() == nil {
		return nil, &unavailable{cause: fmt.Errorf("%w of %s: %w", errConnectTimeout, c.limit, err)}
	}
	if err != nil {
		return nil, explain(err)
	}
	return observed[driverConn](opened, func(inner driverConn) driver.Conn {
		return &conn{driverConn: inner, observer: c.observer}
	})
}

// driverConn is what a connection of the MySQL driver can do.
type driverConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

type conn struct {
	driverConn
	observer *observer
}

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, ctx, cancel := c.observer.begin(ctx, query)
	defer cancel()
	result, err := c.driverConn.ExecContext(ctx, query, args)
	return result, s.end(err)
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, ctx, cancel := c.observer.begin(ctx, query)
	found, err := c.driverConn.QueryContext(ctx, query, args)
	return s.rows(found, err, cancel)
}

func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	prepared, err := c.driverConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, explain(err)
	}
	return observed[driverStmt](prepared, func(inner driverStmt) driver.Stmt {
		return &stmt{driverStmt: inner, observer: c.observer, query: query}
	})
}

func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	s, limited, cancel := c.observer.begin(ctx, "BEGIN")
	defer cancel()
	begun, err := c.driverConn.BeginTx(limited, opts)
	if err = s.end(err); err != nil {
		return nil, err
	}
	return &tx{Tx: begun, observer: c.observer, ctx: ctx}, nil
}

func (c *conn) Ping(ctx context.Context) error {
	return explain(c.driverConn.Ping(ctx))
}

// driverStmt is what a prepared statement of the MySQL driver can do.
type driverStmt interface {
	driver.Stmt
	driver.NamedValueChecker
	driver.StmtExecContext
	driver.StmtQueryContext
}

type stmt struct {
	driverStmt
	observer *observer
	query    string
}

func (p *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s, ctx, cancel := p.observer.begin(ctx, p.query)
	defer cancel()
	result, err := p.driverStmt.ExecContext(ctx, args)
	return result, s.end(err)
}

func (p *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s, ctx, cancel := p.observer.begin(ctx, p.query)
	found, err := p.driverStmt.QueryContext(ctx, args)
	return s.rows(found, err, cancel)
}

// tx keeps the context of its beginning, since the driver interface gives its end none: only the spans use it.
type tx struct {
	driver.Tx
	observer *observer
	ctx      context.Context
}

func (t *tx) Commit() error {
	s, _, cancel := t.observer.begin(t.ctx, "COMMIT")
	defer cancel()
	return s.end(t.Tx.Commit())
}

func (t *tx) Rollback() error {
	s, _, cancel := t.observer.begin(t.ctx, "ROLLBACK")
	defer cancel()
	return s.end(t.Tx.Rollback())
}

// driverRows is what a result of the MySQL driver can do.
type driverRows interface {
	driver.RowsNextResultSet
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// rows keeps the statement's limit until the last row was read.
type rows struct {
	driverRows
	statement *statement
	cancel    context.CancelFunc
}

func (s *statement) rows(found driver.Rows, err error, cancel context.CancelFunc) (driver.Rows, error) {
	if err = s.end(err); err != nil {
		cancel()
		return nil, err
	}
	return observed[driverRows](found, func(inner driverRows) driver.Rows {
		return &rows{driverRows: inner, statement: s, cancel: cancel}
	})
}

func (r *rows) Next(dest []driver.Value) error {
	err := r.driverRows.Next(dest)
	if err == nil || err == io.EOF {
		return err
	}
	return r.statement.explain(err)
}

func (r *rows) Close() error {
	defer r.cancel()
	return r.driverRows.Close()
}

// observed wraps what the driver returned. The driver's types are not exported, so that they can do what this package
// relies on is checked here, and in a test for each pinned version.
func observed[Inner, Outer any](given Outer, wrap func(Inner) Outer) (Outer, error) {
	inner, ok := any(given).(Inner)
	if !ok {
		var none Outer
		return none, fmt.Errorf("mysql: the driver's %T lacks a method", given)
	}
	return wrap(inner), nil
}
