// Package clients has what other services offer, typed by their contracts. The domain states what it needs of them as small
// interfaces; methods that are added here meet these, and say what the other service's refusals mean to this one.
//
// A failure that is no refusal needs no translation: it is a fault.Unavailable or a context.DeadlineExceeded already.
package clients
