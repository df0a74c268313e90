package running

import (
	"fmt"
	"strings"
)

// Table is the outcome of a run, line by line.
type Table struct {
	// Wrong says that something is not as it must be.
	Wrong bool

	lines [][3]string
}

// Check adds a line that must be right.
func (t *Table) Check(what string, right bool, format string, args ...any) {
	mark := "ok"
	if !right {
		mark, t.Wrong = "WRONG", true
	}
	t.lines = append(t.lines, [3]string{mark, what, fmt.Sprintf(format, args...)})
}

// Say adds a line that only tells.
func (t *Table) Say(what, format string, args ...any) {
	t.lines = append(t.lines, [3]string{"", what, fmt.Sprintf(format, args...)})
}

// String returns the lines, in columns.
func (t *Table) String() string {
	var text strings.Builder
	for _, line := range t.lines {
		fmt.Fprintf(&text, "%-5s %-34s %s\n", line[0], line[1], line[2])
	}
	return text.String()
}
