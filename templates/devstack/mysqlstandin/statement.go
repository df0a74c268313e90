package mysqlstandin

import (
	"regexp"
	"strings"
)

// effect is what a statement does to the tables, as far as the gate cares.
type effect int

const (
	// reads looks at tables or at the schema.
	reads effect = iota
	// touchesNothing looks at no table: GET_LOCK and SLEEP may take their time without holding anybody up.
	touchesNothing
	// writes changes rows or locks them.
	writes
	// defines changes the schema, and so commits.
	defines
	// begins starts a transaction, and so commits an open one.
	begins
	// commits ends a transaction for good.
	commits
	// rollsBack ends a transaction without its changes.
	rollsBack
)

var (
	leadingNoise  = regexp.MustCompile(`^(?s:\s|/\*.*?\*/|--[^\n]*\n|#[^\n]*\n|\()*`)
	firstWord     = regexp.MustCompile(`^[A-Za-z]*`)
	lockingClause = regexp.MustCompile(`(?i)\b(for\s+update|for\s+share|lock\s+in\s+share\s+mode)\b`)
	fromClause    = regexp.MustCompile(`(?i)\bfrom\b`)
	changingWord  = regexp.MustCompile(`(?i)\b(update|delete)\b`)
)

// effectOf goes by the words. Where it errs, for example over a word inside of a literal, it must err towards writes:
// that costs a turn at the gate and loses nothing.
func effectOf(query string) effect {
	query = strings.TrimPrefix(query, leadingNoise.FindString(query))
	switch strings.ToUpper(firstWord.FindString(query)) {
	case "SELECT":
		return effectOfSelect(query)
	case "WITH":
		if changingWord.MatchString(query) {
			return writes
		}
		return effectOfSelect(query)
	case "SHOW", "SET", "USE", "EXPLAIN", "DESCRIBE", "DESC", "KILL":
		return reads
	case "BEGIN", "START":
		return begins
	case "COMMIT":
		return commits
	case "ROLLBACK":
		return rollsBack
	case "CREATE", "ALTER", "DROP", "TRUNCATE", "RENAME":
		return defines
	default:
		return writes
	}
}

func effectOfSelect(query string) effect {
	switch {
	case lockingClause.MatchString(query):
		return writes
	case fromClause.MatchString(query):
		return reads
	default:
		return touchesNothing
	}
}

// isLockingRead reports whether a statement of effect writes only locks, which a read-only transaction may do.
func isLockingRead(query string) bool {
	return lockingClause.MatchString(query)
}
