package config

import "strings"

// Problem is one thing that is wrong with the configuration. It never holds the value of a secret.
type Problem struct {
	// Key is the configuration key, for example "HTTP_ADDR". Empty when the problem is not about one key.
	Key string
	// Source says where the value came from, for example "environment". Empty when there was none.
	Source string
	// Message completes the sentence "<key> …".
	Message string
}

// String returns the problem as one line: "HTTP_ADDR (environment) is …".
func (p Problem) String() string {
	words := make([]string, 0, 3)
	if p.Key != "" {
		words = append(words, p.Key)
	}
	if p.Source != "" {
		words = append(words, "("+p.Source+")")
	}
	return strings.Join(append(words, p.Message), " ")
}

// Error holds everything that is wrong with the configuration, so that one start tells all of it.
type Error struct {
	Problems []Problem
}

// Error returns a heading and one line for each problem.
func (e *Error) Error() string {
	lines := make([]string, 0, len(e.Problems)+1)
	lines = append(lines, "the configuration is not valid:")
	for _, p := range e.Problems {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n  ")
}
