package main

import "strings"

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
