// Package migrations holds the steps of the database's schema. A step that was released is never edited: a change is
// a new step.
package migrations

import (
	"embed"

	"github.com/acme/catalog/internal/platform/mongodb"
)

// commands are the steps for MongoDB, each a list of commands in a file of its own. The numbers in front of their names
// say the order.
//
//go:embed *.json
var commands embed.FS

// MongoDB returns the schema in MongoDB: the steps, and the collections of the resources.
func MongoDB() mongodb.Schema {
	return mongodb.Schema{
		Steps: commands,
		Collections: []string{
			"products",
		},
	}
}
