package mysqlstandin

import (
	"context"

	"github.com/dolthub/vitess/go/mysql"
	"github.com/dolthub/vitess/go/sqltypes"
	"github.com/dolthub/vitess/go/vt/proto/query"
)

// handler takes the clients' commands and lets those with statements through the gate.
type handler struct {
	mysql.Handler
	gate *gate
}

// ConnectionClosed rolls back what the connection left open, and with that gives the gate up.
func (h *handler) ConnectionClosed(conn *mysql.Conn) {
	h.Handler.ConnectionClosed(conn)
	h.gate.release(conn)
}

// ComResetConnection begins a new session on the connection.
func (h *handler) ComResetConnection(conn *mysql.Conn) error {
	err := h.Handler.ComResetConnection(conn)
	h.gate.release(conn)
	return err
}

// ComQuery runs a statement.
func (h *handler) ComQuery(ctx context.Context, conn *mysql.Conn, text string, spool mysql.ResultSpoolFn) error {
	return h.gate.run(ctx, conn, text, func(text string) error {
		return h.Handler.ComQuery(ctx, conn, text, spool)
	})
}

// ComMultiQuery runs the first of several statements.
func (h *handler) ComMultiQuery(ctx context.Context, conn *mysql.Conn, text string, spool mysql.ResultSpoolFn) (rest string, err error) {
	err = h.gate.run(ctx, conn, text, func(text string) (err error) {
		rest, err = h.Handler.ComMultiQuery(ctx, conn, text, spool)
		return err
	})
	return rest, err
}

// ComPrepare needs no turn, but what the engine remembers of the tables while it plans must not outlive it.
func (h *handler) ComPrepare(ctx context.Context, conn *mysql.Conn, text string, data *mysql.PrepareData) ([]*query.Field, error) {
	h.gate.tables.RLock()
	defer h.gate.tables.RUnlock()
	fields, err := h.Handler.ComPrepare(ctx, conn, text, data)
	if session, missing := h.gate.session(conn); missing == nil && !session.GetIgnoreAutoCommit() {
		dropCopies(session)
	}
	return fields, err
}

// ComStmtExecute runs a prepared statement.
func (h *handler) ComStmtExecute(ctx context.Context, conn *mysql.Conn, data *mysql.PrepareData, spool func(*sqltypes.Result) error) error {
	return h.gate.run(ctx, conn, data.PrepareStmt, func(string) error {
		return h.Handler.ComStmtExecute(ctx, conn, data, spool)
	})
}
