package mysqlstandin

import (
	"context"
	"sync"
	"time"

	"github.com/dolthub/go-mysql-server/server"
	"github.com/dolthub/go-mysql-server/sql"
	"github.com/dolthub/vitess/go/mysql"
)

// gate makes writers take turns. The in-memory engine keeps a transaction's tables as copies in its session and, at
// commit, puts every table that the session touched back in place, read or written: of two sessions at once, the later
// commit undoes the earlier one. So
//
//   - a connection takes the gate at its transaction's first write or locking read and holds it to the end; a statement
//     of its own holds it for itself. Others wait for as long as their session's innodb_lock_wait_timeout says, then get
//     MySQL's error 1205;
//   - the copies that a session made before it had the gate are dropped when it takes it, so that it works on what is
//     there (reads are READ COMMITTED);
//   - plain reads pass without the gate; what may commit waits for the reads under way;
//   - COMMIT of a transaction that wrote nothing is run as ROLLBACK: it has nothing to put back.
//
// Turns are for the whole server, so rows are never contended for and nothing ever deadlocks.
type gate struct {
	turn     chan struct{} // holds one token while a connection has the gate
	sessions *server.SessionManager
	// tables is held for reading by plain reads, for writing by whatever may commit.
	tables sync.RWMutex

	mu    sync.Mutex
	owner *mysql.Conn
}

func newGate(sessions *server.SessionManager) *gate {
	return &gate{turn: make(chan struct{}, 1), sessions: sessions}
}

// statement is one statement on its way through the gate.
type statement struct {
	conn    *mysql.Conn
	session sql.TransactionSession
	query   string
	effect  effect
	// inTransaction says that a transaction was begun explicitly before the statement.
	inTransaction bool
}

// run lets the statement through when its turn comes: execute gets the query to run in its place.
func (g *gate) run(ctx context.Context, conn *mysql.Conn, query string, execute func(query string) error) error {
	s, err := g.statement(conn, query)
	if err != nil {
		return err
	}
	if s.effect == touchesNothing {
		return execute(query)
	}
	if err := g.admit(ctx, s); err != nil {
		return err
	}
	// Also when execute panics: the server survives that, and so must the gate.
	defer g.releaseUnlessInTransaction(s)
	defer g.lockTables(s)()
	return withNumber(execute(s.query))
}

func (g *gate) statement(conn *mysql.Conn, query string) (*statement, error) {
	session, err := g.session(conn)
	if err != nil {
		return nil, err
	}
	s := &statement{conn: conn, session: session, query: query, effect: effectOf(query), inTransaction: session.GetIgnoreAutoCommit()}
	if s.effect == commits && s.inTransaction && !g.isOwner(conn) {
		s.query, s.effect = "ROLLBACK", rollsBack
	}
	return s, nil
}

// admit waits for the gate when the statement needs it.
func (g *gate) admit(ctx context.Context, s *statement) error {
	switch s.effect {
	case writes:
		if s.inTransaction && s.session.GetTransaction() != nil && s.session.GetTransaction().IsReadOnly() && !isLockingRead(s.query) {
			return errReadOnly()
		}
		return g.take(ctx, s)
	case defines:
		return g.take(ctx, s)
	default:
		return nil
	}
}

// lockTables keeps plain reads and commits apart, and returns what ends that.
func (g *gate) lockTables(s *statement) (unlock func()) {
	if !g.isOwner(s.conn) {
		g.tables.RLock()
		if !s.inTransaction {
			dropCopies(s.session)
		}
		return g.tables.RUnlock
	}
	if s.inTransaction && s.effect != commits && s.effect != begins && s.effect != defines {
		return func() {}
	}
	g.tables.Lock()
	return g.tables.Unlock
}

// take waits until the connection has the gate.
func (g *gate) take(ctx context.Context, s *statement) error {
	if g.isOwner(s.conn) {
		return nil
	}
	timer := time.NewTimer(lockWait(s.session))
	defer timer.Stop()
	select {
	case g.turn <- struct{}{}:
	case <-timer.C:
		return errLockWait()
	case <-ctx.Done():
		return ctx.Err()
	}
	g.mu.Lock()
	g.owner = s.conn
	g.mu.Unlock()
	dropCopies(s.session)
	return nil
}

func (g *gate) isOwner(conn *mysql.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.owner == conn
}

// release gives the gate to the next one, if conn has it.
func (g *gate) release(conn *mysql.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.owner == conn {
		g.owner = nil
		<-g.turn
	}
}

func (g *gate) releaseUnlessInTransaction(s *statement) {
	if !s.session.GetIgnoreAutoCommit() {
		g.release(s.conn)
	}
}

// session returns the engine's session of a connection.
func (g *gate) session(conn *mysql.Conn) (found sql.TransactionSession, err error) {
	err = g.sessions.Iter(func(s sql.Session) (stop bool, err error) {
		if s.ID() != conn.ConnectionID {
			return false, nil
		}
		found, _ = s.(sql.TransactionSession)
		return true, nil
	})
	if err == nil && found == nil {
		err = errNoSession()
	}
	return found, err
}

// dropCopies makes the session look at the tables anew. Outside of an explicit transaction it also ends the implicit
// one that a PREPARE leaves behind: an EXECUTE would work on that one's copies, and put them back.
func dropCopies(session sql.TransactionSession) {
	open := session.GetTransaction()
	if open == nil {
		return
	}
	// In memory a rollback only forgets.
	_ = session.Rollback(sql.NewEmptyContext(), open)
	if !session.GetIgnoreAutoCommit() {
		session.SetTransaction(nil)
	}
}
