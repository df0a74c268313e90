package main

import (
	"fmt"
	"strings"
)

// table is the outcome.
type table struct {
	lines [][3]string
	wrong bool
}

// check adds a line that must be right.
func (t *table) check(what string, right bool, format string, args ...any) {
	mark := "ok"
	if !right {
		mark, t.wrong = "WRONG", true
	}
	t.lines = append(t.lines, [3]string{mark, what, fmt.Sprintf(format, args...)})
}

// say adds a line that only tells.
func (t *table) say(what, format string, args ...any) {
	t.lines = append(t.lines, [3]string{"", what, fmt.Sprintf(format, args...)})
}

func (t *table) String() string {
	var text strings.Builder
	for _, line := range t.lines {
		fmt.Fprintf(&text, "%-5s %-34s %s\n", line[0], line[1], line[2])
	}
	return text.String()
}

// set is a set of ids.
type set map[string]bool

func setOf(ids []string) set {
	s := set{}
	for _, id := range ids {
		s[id] = true
	}
	return s
}

// without returns how many of s are not in other.
func (s set) without(other set) int {
	n := 0
	for id := range s {
		if !other[id] {
			n++
		}
	}
	return n
}

// compact writes an id as the databases' HEX does: without dashes.
func compact(id string) string { return strings.ReplaceAll(id, "-", "") }

// plain writes all ids like that.
func plain(ids set) set {
	s := set{}
	for id := range ids {
		s[compact(id)] = true
	}
	return s
}
