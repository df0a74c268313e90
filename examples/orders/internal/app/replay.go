package app

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/acme/orders/internal/platform/kafka"
)

// Replay is the command that hands dead letters to their consumer again.
type Replay struct {
	// Consumer is the name of the consumer.
	Consumer string
	// Limits say when to stop and what to discard.
	Limits kafka.ReplayLimits
}

// Run handles the dead letters and logs how many there were. What fails again is behind the others, and an error of the
// command only when it could not go on.
func (r *Replay) Run(ctx context.Context, cfg Config, version string, logs io.Writer) error {
	return command(ctx, cfg, version, logs, func(ctx context.Context, p *Platform) error {
		register(p)
		names := make([]string, 0, len(p.subscriptions))
		for _, s := range p.subscriptions {
			if s.Consumer == r.Consumer {
				done, err := p.Kafka.Replay(ctx, s, r.Limits)
				p.Log.InfoContext(ctx, "dead letters replayed", "consumer", s.Consumer, "handled", done.Handled, "failed", done.Failed, "discarded", done.Discarded)
				return err
			}
			names = append(names, s.Consumer)
		}
		return fmt.Errorf("there is no consumer %q: -consumer takes %s", r.Consumer, strings.Join(names, ", "))
	})
}
