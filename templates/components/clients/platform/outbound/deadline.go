package outbound

import (
	"context"
	"time"
)

// limited gives a call its deadline: the configured time, or what the caller has left without the reserve when that is
// less. It fails when nothing is left, for then an answer would come too late.
func (p *Peer) limited(ctx context.Context) (context.Context, context.CancelFunc, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	limit := p.cfg.Timeout
	if deadline, given := ctx.Deadline(); given {
		limit = min(limit, time.Until(deadline)-p.cfg.Reserve)
	}
	if limit <= 0 {
		return nil, nil, context.DeadlineExceeded
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	return limited, cancel, nil
}
