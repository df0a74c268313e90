package grpcserver

import (
	"sync/atomic"

	"create-service/templates/service/kernel/fault"
)

// admission counts the calls in progress and refuses those over the limit, which keeps a slow dependency from filling
// the memory.
type admission struct {
	limit    int64
	inFlight atomic.Int64
}

// enter counts a call in, or refuses it. Every call that entered must leave.
func (a *admission) enter() error {
	if a.inFlight.Add(1) > a.limit {
		a.inFlight.Add(-1)
		return fault.New(fault.Unavailable, "too many calls are in progress")
	}
	return nil
}

func (a *admission) leave() { a.inFlight.Add(-1) }
