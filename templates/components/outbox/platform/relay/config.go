package relay

import (
	"errors"
	"time"
)

// Config says how committed messages are sent.
type Config struct {
	// Poll is how long the relay rests when nothing waits: what an event takes longer to arrive at most.
	Poll time.Duration `env:"OUTBOX_POLL" envDefault:"100ms" min:"5ms" max:"1m"`
	// Batch is how many messages are sent together.
	Batch int `env:"OUTBOX_BATCH" envDefault:"500" min:"1" max:"5000"`
	// SendTimeout is how long sending a batch may take. It must be shorter than half of the lease.
	SendTimeout time.Duration `env:"OUTBOX_SEND_TIMEOUT" envDefault:"10s" min:"100ms" max:"5m"`
	// Lease is how long after the death of a process another one takes over its relay.
	Lease time.Duration `env:"OUTBOX_LEASE" envDefault:"30s" min:"1s" max:"15m"`
	// Backoff is the longest rest after failures; it begins at OUTBOX_POLL and doubles.
	Backoff time.Duration `env:"OUTBOX_BACKOFF" envDefault:"5s" min:"10ms" max:"5m"`
	// Retention is how long delivered messages stay in the outbox, for people who look for them.
	Retention time.Duration `env:"OUTBOX_RETENTION" envDefault:"24h" min:"1m"`
}

// Validate checks what concerns more than one key.
func (c Config) Validate() error {
	if c.SendTimeout > c.Lease/2 {
		return errors.New("OUTBOX_SEND_TIMEOUT must not be longer than half of OUTBOX_LEASE")
	}
	return nil
}
