package app

import (
	"context"
	"errors"
	"io"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/acme/catalog/internal/events"
	"github.com/acme/catalog/internal/platform/identity"
	"github.com/acme/catalog/internal/platform/kafka"
	"github.com/acme/catalog/internal/platform/logging"
)

// Topics is the command that creates the topics that are missing.
type Topics struct {
	// All says to create those of other services, too: for a cluster on which this service is alone.
	All bool
}

// Run creates them and logs what it does, and what it finds to differ from the declaration. It changes nothing that
// exists.
func (t *Topics) Run(ctx context.Context, cfg Config, version string, logs io.Writer) (err error) {
	log, _ := logging.New(logs, cfg.Log, identity.New("catalog", version, cfg.Identity))
	client, err := kafka.Open(ctx, cfg.Kafka, kafka.Deps{
		Service:  "catalog",
		Registry: prometheus.NewRegistry(),
		Tracing:  noop.NewTracerProvider(),
		Log:      log,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Close(ctx)) }()
	topics := events.Topics()
	if t.All {
		topics = kafka.Adopted(topics)
	}
	states, err := client.EnsureTopics(ctx, topics)
	for _, state := range states {
		switch {
		case state.Created:
			log.InfoContext(ctx, "topic created", "topic", state.Name)
		case state.Missing:
			log.WarnContext(ctx, "a topic of another service is missing", "topic", state.Name)
		case len(state.Differences) > 0:
			log.WarnContext(ctx, "a topic is not as declared", "topic", state.Name, "differences", state.Differences)
		}
	}
	return err
}
