package config

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with the configuration. It never holds the value of a secret.
type Problem struct {
	// Key is the configuration key, for example "HTTP_ADDR". Empty when the problem is not about one key.
	Key string
	// Source says where the value came from, for example "environment". Empty when there was none.
	Source string
	// Message completes the sentence "<key> …".
	Message string
}

// String returns the problem as one line.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Key)
	if p.Source != "" {
		if p.Key != "" {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "(%s)", p.Source)
	}
	if b.Len() > 0 {
		b.WriteByte(' ')
	}
	b.WriteString(p.Message)
	return b.String()
}

// Error holds everything that is wrong with the configuration, so that one start tells all of it.
type Error struct {
	Problems []Problem
}

// Error returns a heading and one line for each problem.
func (e *Error) Error() string {
	lines := make([]string, 0, len(e.Problems)+1)
	lines = append(lines, fmt.Sprintf("configuration: %d problem(s)", len(e.Problems)))
	for _, p := range e.Problems {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n  ")
}
