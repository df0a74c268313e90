// Package store keeps the service's resources in its own database.
package store
