// Package message says what a use case wants committed together with an aggregate.
//
// A use case never sees a transaction: it hands a [Unit] to its store, and the store commits the aggregate and
// the unit in one transaction.
package message

// Unit is what one transaction commits beside the aggregate. The zero value commits nothing more.
type Unit struct {
	// Once is the key under which this effect may happen a single time: an Idempotency-Key, a request id or the id
	// of a consumed event, with the scope in which it is unique in front. Empty: no such limit.
	Once string
	// Digest tells a repetition of the same request from another request under the same key.
	Digest [32]byte
}

// IsOnce reports whether u carries a once-key.
func (u Unit) IsOnce() bool { return u.Once != "" }
