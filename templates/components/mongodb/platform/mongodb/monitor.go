package mongodb

import (
	"context"
	"net"
	"strings"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// instrumentation names the spans' origin; the package is copied into services, so it is no import path.
const instrumentation = "create-service/mongodb"

// duplicateKey is the code of a refusal because of a unique index.
const duplicateKey = 11000

// monitor gives each command a span, and a place in a histogram. Of a command it reports the name, the database and the
// collection, and nothing of its values.
type monitor struct {
	tracer   trace.Tracer
	measured *instruments
	// spans are those under way that are recorded, by [call].
	spans sync.Map
}

// call names a command that is under way.
type call struct {
	connection string
	request    int64
}

func newMonitor(tracing trace.TracerProvider, measured *instruments) *monitor {
	return &monitor{tracer: tracing.Tracer(instrumentation), measured: measured}
}

func (m *monitor) commands() *event.CommandMonitor {
	return &event.CommandMonitor{
		Started: m.begin,
		Succeeded: func(ctx context.Context, e *event.CommandSucceededEvent) {
			m.end(ctx, &e.CommandFinishedEvent, refusalOf(e.Reply))
		},
		Failed: func(ctx context.Context, e *event.CommandFailedEvent) {
			m.end(ctx, &e.CommandFinishedEvent, classOf(e.Failure))
		},
	}
}

// begin opens the command's span. What is not recorded costs no more than to find that out. A ping is nobody's business:
// health checks send one every few seconds.
func (m *monitor) begin(ctx context.Context, e *event.CommandStartedEvent) {
	if e.CommandName == "ping" {
		return
	}
	collection := collectionOf(e.CommandName, e.Command)
	_, span := m.tracer.Start(ctx, strings.TrimSuffix(e.CommandName+" "+collection, " "), trace.WithSpanKind(trace.SpanKindClient))
	if !span.IsRecording() {
		return
	}
	host, port, err := net.SplitHostPort(addressOf(e.ConnectionID))
	if err != nil {
		host = e.ConnectionID
	}
	span.SetAttributes(
		attribute.String("db.system.name", "mongodb"),
		attribute.String("db.namespace", e.DatabaseName),
		attribute.String("db.operation.name", e.CommandName),
		attribute.String("db.collection.name", collection),
		attribute.String("server.address", host),
		attribute.String("server.port", port),
	)
	m.spans.Store(call{e.ConnectionID, e.RequestID}, span)
}

// end closes the command's span and counts the command. The class says how it failed; empty: it did not.
func (m *monitor) end(ctx context.Context, e *event.CommandFinishedEvent, class string) {
	if found, ok := m.spans.LoadAndDelete(call{e.ConnectionID, e.RequestID}); ok {
		if span, ok := found.(trace.Span); ok {
			if class != "" {
				span.SetAttributes(attribute.String("error.type", class))
				span.SetStatus(codes.Error, class)
			}
			span.End()
			ctx = trace.ContextWithSpan(ctx, span)
		}
	}
	m.measured.observe(ctx, operationOf(e.CommandName), class, e.Duration)
}

// refusalOf returns how the first write of a command was refused that the server carried out otherwise.
func refusalOf(reply bson.Raw) string {
	refused, err := reply.LookupErr("writeErrors", "0", "code")
	if err != nil {
		return ""
	}
	if code, ok := refused.AsInt64OK(); ok && code == duplicateKey {
		return "duplicate"
	}
	return "other"
}

// collectionOf returns the collection of a command, which is the value of its first element; empty: it has none.
func collectionOf(name string, command bson.Raw) string {
	if name == "getMore" {
		name = "collection"
	}
	collection, _ := command.Lookup(name).StringValueOK()
	return collection
}

// addressOf cuts the number of the connection off.
func addressOf(connection string) string {
	address, _, _ := strings.Cut(connection, "[")
	return address
}

// operationOf returns a command's name. Those that are rare share one: each has series of its own.
func operationOf(command string) string {
	switch command {
	case "find", "getMore", "insert", "update", "delete", "findAndModify", "aggregate", "ping":
		return command
	default:
		return "other"
	}
}
