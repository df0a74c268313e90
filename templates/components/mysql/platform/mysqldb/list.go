package mysqldb

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/google/uuid"
)

// Querier reads: a [DB] or a transaction.
type Querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Row is one row of a result.
type Row interface {
	Scan(dest ...any) error
}

// Select is the query for one page of a sorted list. Its texts are SQL and come from the code, never from a caller;
// values go in as arguments.
type Select struct {
	// Columns and Table are what to read, quoted: "`id`, `total`" and "`orders`".
	Columns, Table string
	// SortBy is what to sort by; rows that are equal in it are sorted by id.
	SortBy     Column
	Descending bool
	Limit      int

	conditions []string
	args       []any
}

// Column is a column that values are compared with.
type Column struct {
	// Name is the quoted name.
	Name string
	// Param is the placeholder for a value of the column. Most are a plain "?"; a decimal is sent as text and needs
	// "CAST(? AS DECIMAL(12,2))", else MySQL compares as floating point.
	Param string
}

// Where keeps the rows for which the condition holds.
func (s *Select) Where(condition string, args ...any) {
	s.conditions = append(s.conditions, condition)
	s.args = append(s.args, args...)
}

// After keeps the rows that come after the one with the given value in the sort column and the given id. The first
// of its conditions is redundant: it is the range that an index on the sort column can serve.
func (s *Select) After(value any, id uuid.UUID) {
	beyond := ">"
	if s.Descending {
		beyond = "<"
	}
	limit := s.SortBy.Name + " " + beyond
	s.Where(limit+"= "+s.SortBy.Param+" AND ("+limit+" "+s.SortBy.Param+" OR `id` "+beyond+" ?)", value, value, id[:])
}

// Query returns the SQL text and its arguments.
func (s *Select) Query() (query string, args []any) {
	var b strings.Builder
	b.WriteString("SELECT " + s.Columns + " FROM " + s.Table)
	for i, condition := range s.conditions {
		b.WriteString([]string{" WHERE ", " AND "}[min(i, 1)] + condition)
	}
	direction := ""
	if s.Descending {
		direction = " DESC"
	}
	b.WriteString(" ORDER BY " + s.SortBy.Name + direction + ", `id`" + direction + " LIMIT ?")
	return b.String(), append(s.args, s.Limit)
}

// ErrEnough beside an item of a scan makes it the last one of a [Collect].
var ErrEnough = errors.New("no more rows are wanted")

// Collect reads every row that query gives.
func Collect[T any](ctx context.Context, q Querier, query string, args []any, scan func(Row) (T, error)) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		item, err := scan(rows)
		if errors.Is(err, ErrEnough) {
			return append(list, item), nil
		}
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, rows.Err()
}
