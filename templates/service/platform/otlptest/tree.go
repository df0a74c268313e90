package otlptest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// Source returns the spans that have arrived so far.
type Source func() ([]Span, error)

const (
	// arrival is the longest that a span may take until it is exported.
	arrival = 20 * time.Second
	poll    = 50 * time.Millisecond
)

// WantPath waits until the spans have the path: each of the names is that of a span, as [Span.String] returns it, and a
// child of the one before it. It returns the spans of the path, or ends the test and shows the trees that there were.
func WantPath(tb testing.TB, source Source, path ...string) []Span {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), arrival)
	defer cancel()
	spans, err := Await(ctx, source, path...)
	if err != nil {
		tb.Fatalf("otlptest: %v", err)
	}
	return spans
}

// Await is [WantPath] for programs that are no tests: it waits until ctx ends, and returns an error that shows the trees.
func Await(ctx context.Context, source Source, path ...string) ([]Span, error) {
	for {
		spans, err := source()
		if err != nil {
			return nil, err
		}
		if found := Path(spans, path...); found != nil {
			return found, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("no path of spans\n  %s\nin\n%s", strings.Join(path, "\n  "), Tree(spans))
		case <-time.After(poll):
		}
	}
}

// Path returns the first path of spans with these names, as [Span.String] returns them, each a child of the one before it;
// nil when there is none.
func Path(spans []Span, names ...string) []Span {
	children := childrenOf(spans)
	for _, first := range inOrder(spans) {
		if found := follow(children, first, names); found != nil {
			return found
		}
	}
	return nil
}

func follow(children map[place][]Span, span Span, names []string) []Span {
	if len(names) == 0 || span.String() != names[0] {
		return nil
	}
	if len(names) == 1 {
		return []Span{span}
	}
	for _, child := range children[place{span.Trace, span.ID}] {
		if rest := follow(children, child, names[1:]); rest != nil {
			return append([]Span{span}, rest...)
		}
	}
	return nil
}

// Tree prints the spans as trees, one span a line, in the order in which they started. A span whose parent has not arrived
// is marked.
func Tree(spans []Span) string {
	var text strings.Builder
	children := childrenOf(spans)
	known := map[place]bool{}
	for _, span := range spans {
		known[place{span.Trace, span.ID}] = true
	}
	for _, span := range inOrder(spans) {
		switch {
		case span.Parent == "":
			write(&text, children, span, "")
		case !known[place{span.Trace, span.Parent}]:
			fmt.Fprintf(&text, "(under %s, which is not here)\n", span.Parent)
			write(&text, children, span, "  ")
		}
	}
	return text.String()
}

func write(text *strings.Builder, children map[place][]Span, span Span, indent string) {
	failed := ""
	if span.Failed {
		failed = ", failed"
	}
	fmt.Fprintf(text, "%s%s (%s%s)\n", indent, span, span.Ended.Sub(span.Started).Round(time.Microsecond), failed)
	for _, child := range children[place{span.Trace, span.ID}] {
		write(text, children, child, indent+"  ")
	}
}

// place is where a span is: ids of spans are unique in their trace only.
type place struct{ trace, id string }

func childrenOf(spans []Span) map[place][]Span {
	children := map[place][]Span{}
	for _, span := range inOrder(spans) {
		if span.Parent != "" {
			at := place{span.Trace, span.Parent}
			children[at] = append(children[at], span)
		}
	}
	return children
}

func inOrder(spans []Span) []Span {
	return slices.SortedStableFunc(slices.Values(spans), func(a, b Span) int { return cmp.Compare(a.Started.UnixNano(), b.Started.UnixNano()) })
}
