package mysqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"time"

	"go.opentelemetry.io/otel/trace"
)

// connector opens connections whose every statement is observed.
type connector struct {
	driver.Connector
	observer *observer
	// limit bounds the whole opening; the driver's own timeout ends with the TCP connection.
	limit time.Duration
}

// Connect opens a connection within the limit.
func (c *connector) Connect(caller context.Context) (driver.Conn, error) {
	ctx, cancel := context.WithTimeout(caller, c.limit)
	defer cancel()
	ctx, line := withLine(ctx)
	opened, err := c.Connector.Connect(ctx)
	if err != nil && ctx.Err() != nil && caller.Err() == nil {
		return nil, &unavailableError{cause: fmt.Errorf("%w of %s: %w", errConnectTimeout, c.limit, err)}
	}
	if err != nil {
		return nil, explain(err)
	}
	return observed[driverConn](opened, func(inner driverConn) driver.Conn {
		return &conn{driverConn: inner, observer: c.observer, watchdog: newWatchdog(c.observer.limit, line.Conn)}
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
	watchdog *watchdog
}

// ExecContext runs a statement without rows.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	ctx, s := c.observer.begin(ctx, query)
	unwatched, stop := c.watchdog.watch(ctx)
	defer stop()
	result, err := c.driverConn.ExecContext(unwatched, query, args)
	return result, s.end(ctx, err)
}

// QueryContext runs a statement with rows; its limit ends when they are closed.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	ctx, s := c.observer.begin(ctx, query)
	unwatched, stop := c.watchdog.watch(ctx)
	found, err := c.driverConn.QueryContext(unwatched, query, args)
	return s.rows(ctx, found, err, stop)
}

// PrepareContext prepares a statement, whose executions are observed.
func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	prepared, err := c.driverConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, explain(err)
	}
	return observed[driverStmt](prepared, func(inner driverStmt) driver.Stmt {
		return &stmt{driverStmt: inner, observer: c.observer, watchdog: c.watchdog, query: query}
	})
}

// BeginTx begins a transaction, whose end is observed too.
func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	spanned, s := c.observer.begin(ctx, "BEGIN")
	unwatched, stop := c.watchdog.watch(spanned)
	defer stop()
	begun, err := c.driverConn.BeginTx(unwatched, opts)
	if err = s.end(spanned, err); err != nil {
		return nil, err
	}
	return &tx{Tx: begun, observer: c.observer, parent: trace.SpanFromContext(ctx)}, nil
}

// IsValid tells the pool whether the connection can be used again.
func (c *conn) IsValid() bool {
	return !c.watchdog.spent && c.driverConn.IsValid()
}

// Ping asks the server for a sign of life.
func (c *conn) Ping(ctx context.Context) error {
	return explain(c.driverConn.Ping(ctx))
}

// Close ends the connection.
func (c *conn) Close() error {
	c.watchdog.rest()
	return c.driverConn.Close()
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
	watchdog *watchdog
	query    string
}

// ExecContext runs the prepared statement without rows.
func (p *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	ctx, s := p.observer.begin(ctx, p.query)
	unwatched, stop := p.watchdog.watch(ctx)
	defer stop()
	result, err := p.driverStmt.ExecContext(unwatched, args)
	return result, s.end(ctx, err)
}

// QueryContext runs the prepared statement with rows.
func (p *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	ctx, s := p.observer.begin(ctx, p.query)
	unwatched, stop := p.watchdog.watch(ctx)
	found, err := p.driverStmt.QueryContext(unwatched, args)
	return s.rows(ctx, found, err, stop)
}

// tx keeps the span in which it was begun as the parent of its end, to which the driver interface gives no context. What
// bounds the end is the driver's read timeout.
type tx struct {
	driver.Tx
	observer *observer
	parent   trace.Span
}

// Commit ends the transaction for good.
func (t *tx) Commit() error { return t.end("COMMIT", t.Tx.Commit) }

// Rollback ends the transaction without its changes.
func (t *tx) Rollback() error { return t.end("ROLLBACK", t.Tx.Rollback) }

func (t *tx) end(operation string, do func() error) error {
	ctx, s := t.observer.begin(trace.ContextWithSpan(context.Background(), t.parent), operation)
	return s.end(ctx, do())
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
	// caller says whether the caller has given up.
	caller    func() error
	statement *statement
	stop      func()
}

func (s *statement) rows(ctx context.Context, found driver.Rows, err error, stop func()) (driver.Rows, error) {
	if err = s.end(ctx, err); err != nil {
		stop()
		return nil, err
	}
	return observed[driverRows](found, func(inner driverRows) driver.Rows {
		return &rows{driverRows: inner, caller: ctx.Err, statement: s, stop: stop}
	})
}

// Next reads the next row.
func (r *rows) Next(dest []driver.Value) error {
	err := r.driverRows.Next(dest)
	if err == nil || errors.Is(err, io.EOF) {
		return err
	}
	return r.statement.explain(r.caller(), err)
}

// Close ends the statement.
func (r *rows) Close() error {
	defer r.stop()
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
