package mongodb_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/kernel/message"
)

const secret = "jane.doe@example.com"

func TestSpansAndErrorsHoldNoValues(t *testing.T) {
	t.Parallel()
	all := open(t)
	all.create(t, secret)
	refused := all.db.Do(t.Context(), func(ctx context.Context, database *mongo.Database) error {
		_, err := database.Collection("things").InsertOne(ctx, bson.D{{Key: "_id", Value: 1}, {Key: "name", Value: secret}})
		return err
	})
	require.Error(t, refused)
	require.NotContains(t, fmt.Sprintf("%v %+v", refused, refused), secret)
	require.ErrorContains(t, refused, "11000")
	var answer mongo.WriteException
	require.ErrorAs(t, refused, &answer, "the cause is there for who needs it")

	spans := named(all.spans.Ended(), "insert things")
	require.Len(t, spans, 2)
	require.Equal(t, trace.SpanKindClient, spans[0].SpanKind())
	for _, want := range []attribute.KeyValue{
		attribute.String("db.system.name", "mongodb"), attribute.String("db.operation.name", "insert"), attribute.String("db.collection.name", "things"),
	} {
		require.Contains(t, spans[0].Attributes(), want)
	}
	require.Contains(t, spans[1].Attributes(), attribute.String("error.type", "duplicate"))
	for _, span := range all.spans.Ended() {
		require.NotContains(t, fmt.Sprint(span.Attributes(), span.Events(), span.Status()), secret)
	}
}

func TestSpansAreChildrenOfTheirOperation(t *testing.T) {
	t.Parallel()
	all := open(t)
	ctx, parent := sdktrace.NewTracerProvider().Tracer("test").Start(t.Context(), "request")
	_, err := all.Create(ctx, newThing("a"), message.Unit{})
	require.NoError(t, err)
	parent.End()
	spans := named(all.spans.Ended(), "insert things")
	require.Len(t, spans, 1)
	require.Equal(t, parent.SpanContext().SpanID(), spans[0].Parent().SpanID())
	require.Empty(t, named(all.spans.Ended(), "ping"))
}

func TestCommandsAreMeasuredByOperationAndOutcome(t *testing.T) {
	t.Parallel()
	all := open(t)
	created := all.create(t, "a")
	_, err := all.Create(t.Context(), newThing("a"), message.Unit{})
	require.ErrorIs(t, err, errNameTaken)
	all.get(t, created.ID)
	require.NoError(t, all.db.Do(t.Context(), func(ctx context.Context, database *mongo.Database) error {
		_, err := database.ListCollectionNames(ctx, bson.D{})
		return err
	}))
	families, err := all.registry.Gather()
	require.NoError(t, err)
	counts := map[string]uint64{}
	for _, family := range families {
		if family.GetName() != "db_client_operation_duration_seconds" {
			continue
		}
		for _, metric := range family.GetMetric() {
			var labels []string
			for _, label := range metric.GetLabel() {
				labels = append(labels, label.GetValue())
			}
			counts[strings.Join(labels, " ")] = metric.GetHistogram().GetSampleCount()
		}
	}
	require.Equal(t, map[string]uint64{
		"insert mongodb ": 1, "insert mongodb duplicate": 1, "find mongodb ": 2, "ping mongodb ": 1, "other mongodb ": 1,
	}, counts)
}

func TestConflictsAreCounted(t *testing.T) {
	t.Parallel()
	all := open(t)
	created := all.create(t, "a")
	calls := 0
	_, err := all.Update(t.Context(), created.ID, message.Unit{}, func(*thing) ([]message.Message, error) {
		if calls++; calls > 1 {
			return nil, nil
		}
		_, err := all.count(t.Context(), created.ID, message.Unit{})
		return nil, err
	})
	require.NoError(t, err)
	require.NoError(t, testutil.GatherAndCompare(all.registry, strings.NewReader(`
# HELP mongodb_write_conflicts_total Operations that began anew because somebody else had written the document.
# TYPE mongodb_write_conflicts_total counter
mongodb_write_conflicts_total 1
`), "mongodb_write_conflicts_total"))
}

func TestOperationHasALimit(t *testing.T) {
	t.Parallel()
	all := open(t)
	err := all.db.Do(t.Context(), func(ctx context.Context, _ *mongo.Database) error {
		deadline, ok := ctx.Deadline()
		require.True(t, ok)
		require.WithinDuration(t, time.Now().Add(5*time.Second), deadline, time.Second)
		return fmt.Errorf("as of the driver: %w", context.DeadlineExceeded)
	})
	require.Equal(t, fault.Unavailable, fault.KindOf(err), err)
}

func TestCallersContextStaysTheCallers(t *testing.T) {
	t.Parallel()
	all := open(t)
	created := all.create(t, "a")
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	_, err := all.Get(ctx, created.ID)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, fault.Internal, fault.KindOf(err))
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = all.Get(canceled, created.ID)
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, errNotFound)
	require.NoError(t, errors.Join(all.db.Check(t.Context())), "the pool is well")
}

func named(spans []sdktrace.ReadOnlySpan, name string) (found []sdktrace.ReadOnlySpan) {
	for _, span := range spans {
		if span.Name() == name {
			found = append(found, span)
		}
	}
	return found
}
