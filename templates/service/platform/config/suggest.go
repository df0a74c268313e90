package config

import "strings"

// nearest returns the candidate that is at most two edits (or a third of the name) away, or "". Keys are in upper
// case, so the case of the name does not count.
func nearest(name string, candidates []string) string {
	name = strings.ToUpper(name)
	best, distance := "", max(2, len(name)/3)+1
	for _, candidate := range candidates {
		if d := edits(name, candidate); d < distance {
			best, distance = candidate, d
		}
	}
	return best
}

// edits is the Levenshtein distance: how many bytes must be inserted, removed or replaced to make b of a.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
