package taskqueue

import (
	"crypto/rand"
	"errors"
	"math/big"
	"time"

	"github.com/hibiken/asynq"

	"create-service/templates/service/kernel/fault"
)

// isPermanent reports whether an error will be the same in the next attempt.
func isPermanent(err error) bool {
	if _, unreadable := errors.AsType[*payloadError](err); unreadable {
		return true
	}
	switch fault.KindOf(err) {
	case fault.Internal, fault.Unavailable:
		return false
	default:
		return true
	}
}

// delay is the pause before a retry. The pauses of a compensation grow from its own first attempt on, not from the
// step's.
func (c *Client) delay(retried int, err error, task *asynq.Task) time.Duration {
	if failed, ok := errors.AsType[*verdict](err); ok && failed.outcome == uncompensated {
		if limit := c.specs.of(task.Type(), "").MaxRetry; retried > limit {
			retried -= limit
		}
	}
	return jittered(backOff(c.cfg.RetryDelay, c.cfg.RetryDelayMax, retried))
}

// backOff doubles first as often as was retried, up to longest.
func backOff(first, longest time.Duration, retried int) time.Duration {
	d := first
	for range retried {
		if d >= longest/2 {
			return longest
		}
		d *= 2
	}
	return min(d, longest)
}

// jittered returns a random time between half of d and d.
func jittered(d time.Duration) time.Duration {
	part, err := rand.Int(rand.Reader, big.NewInt(int64(d/2)+1))
	if err != nil {
		return d
	}
	return d/2 + time.Duration(part.Int64())
}
