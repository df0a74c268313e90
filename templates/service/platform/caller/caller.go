// Package caller says on whose behalf a request is handled, to those who need no more of it than a name.
package caller

import "context"

type key struct{}

// With returns a context for the requests of the caller of that name, such as the subject of its token.
func With(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, key{}, name)
}

// Of returns the caller's name; empty when nobody has said who it is.
func Of(ctx context.Context) string {
	name, _ := ctx.Value(key{}).(string)
	return name
}
