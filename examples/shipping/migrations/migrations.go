// Package migrations holds the steps of the database's schema. A step that was released is never edited: a change is
// a new step.
package migrations

import "embed"

// Files are the steps, each in its own file. The numbers in front of their names say the order.
//
//go:embed *.sql
var Files embed.FS
