package mongodb_test

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"create-service/templates/components/mongodb/platform/mongodb"
	"create-service/templates/components/mongodb/platform/mongotest"
	"create-service/templates/service/kernel/message"
	"create-service/templates/service/platform/testserver"
)

func TestMain(m *testing.M) { testserver.Main(m, mongotest.Server()) }

var (
	errNotFound  = errors.New("no such thing")
	errNameTaken = errors.New("the name is taken")
)

// thing is an aggregate, and thingDocument what is kept of it.
type thing struct {
	ID        uuid.UUID
	Name      string
	Note      *string
	Count     int
	CreatedAt time.Time
}

type thingDocument struct {
	ID        uuid.UUID `bson:"_id"`
	Name      string    `bson:"name"`
	Note      *string   `bson:"note,omitempty"`
	Count     int       `bson:"count"`
	CreatedAt time.Time `bson:"created_at"`
}

const createThings = `[{"createIndexes": "things", "indexes": [
	{"name": "things_created", "key": {"_created.key": 1}, "unique": true, "sparse": true},
	{"name": "things_sweep_at", "key": {"_sweep_at": 1}, "sparse": true},
	{"name": "things_name", "key": {"name": 1}, "unique": true, "sparse": true},
	{"name": "things_created_at", "key": {"created_at": 1, "_id": 1}},
	{"name": "things_events", "key": {"_outbox.event.since": 1}, "sparse": true}
]}]`

// schema is that of the component and a collection to work with.
func schema(t testing.TB) mongodb.Schema {
	t.Helper()
	onceKeys, err := os.ReadFile("../../files/migrations/00001_create_once_keys.json")
	require.NoError(t, err)
	return mongodb.Schema{
		Steps: fstest.MapFS{
			"00001_create_once_keys.json": {Data: onceKeys},
			"00002_create_things.json":    {Data: []byte(createThings)},
		},
		Collections: []string{"things"},
	}
}

// things are the aggregates of a database of the test's own.
type things struct {
	*mongodb.Collection[thing, thingDocument]
	db       *mongodb.DB
	registry *prometheus.Registry
	spans    *tracetest.SpanRecorder
}

func open(t testing.TB) things {
	t.Helper()
	cfg := mongotest.Database(t)
	_, err := mongodb.Migrate(t.Context(), cfg, schema(t))
	require.NoError(t, err)
	return openAs(t, cfg)
}

// openAs opens a migrated database once more, as another process would.
func openAs(t testing.TB, cfg mongodb.Config) things {
	t.Helper()
	of := things{registry: prometheus.NewRegistry(), spans: tracetest.NewSpanRecorder()}
	tracing := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(of.spans))
	var err error
	of.db, err = mongodb.Open(t.Context(), cfg, schema(t), mongodb.Deps{Registry: of.registry, Tracing: tracing})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, of.db.Close(context.WithoutCancel(t.Context()))) })
	of.Collection = mongodb.NewCollection(of.db, mongodb.Spec[thing, thingDocument]{
		Collection: "things",
		Write:      func(a thing) thingDocument { return thingDocument(a) },
		Read:       func(d thingDocument) thing { return thing(d) },
		NotFound:   errNotFound,
		Unique:     []mongodb.Unique{{Field: "name", Taken: errNameTaken}},
	})
	return of
}

func newThing(name string) thing {
	return thing{
		ID: uuid.Must(uuid.NewV7()), Name: name, Note: new("note of " + name),
		CreatedAt: time.Date(2026, 5, 4, 3, 2, 1, 123456000, time.UTC),
	}
}

func (c things) create(t testing.TB, name string, messages ...message.Message) thing {
	t.Helper()
	created, err := c.Create(t.Context(), newThing(name), message.Unit{Messages: messages})
	require.NoError(t, err)
	return created
}

func (c things) get(t testing.TB, id uuid.UUID) thing {
	t.Helper()
	found, err := c.Get(t.Context(), id)
	require.NoError(t, err)
	return found
}

// count adds one to a thing's count, under a unit.
func (c things) count(ctx context.Context, id uuid.UUID, u message.Unit) (thing, error) {
	return c.Update(ctx, id, u, func(a *thing) ([]message.Message, error) {
		a.Count++
		return nil, nil
	})
}

// raw returns a document as it is kept; nil: there is none.
func (c things) raw(t testing.TB, collection string, id any) bson.M {
	t.Helper()
	var found bson.M
	err := c.db.Do(t.Context(), func(ctx context.Context, database *mongo.Database) error {
		return database.Collection(collection).FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Decode(&found)
	})
	if err != nil {
		require.ErrorIs(t, err, mongo.ErrNoDocuments)
	}
	return found
}

// set writes fields behind the platform's back, as of a crash or of a clock.
func (c things) set(t testing.TB, collection string, id any, operator string, fields bson.D) {
	t.Helper()
	require.NoError(t, c.db.Do(t.Context(), func(ctx context.Context, database *mongo.Database) error {
		_, err := database.Collection(collection).UpdateOne(ctx, bson.D{{Key: "_id", Value: id}}, bson.D{{Key: operator, Value: fields}})
		return err
	}))
}

func (c things) documents(t testing.TB, collection string) (count int64) {
	t.Helper()
	require.NoError(t, c.db.Do(t.Context(), func(ctx context.Context, database *mongo.Database) (err error) {
		count, err = database.Collection(collection).CountDocuments(ctx, bson.D{})
		return err
	}))
	return count
}

func unit(key, request string) message.Unit {
	u := message.Unit{Once: key}
	copy(u.Digest[:], request)
	return u
}

func event(key string, version int64) message.Message {
	return message.Message{
		ID: uuid.New(), Kind: message.Event, Type: "orders.order.created.v1", Topic: "orders.order.v1", Key: key, Version: version,
		Time: time.Date(2026, 5, 4, 3, 2, 1, 123456000, time.UTC), Data: map[string]int64{"version": version},
	}
}

// versions lists the messages of a kind that wait, as "a1 a2".
func (c things) versions(t testing.TB) string {
	t.Helper()
	found, err := c.db.Waiting(t.Context(), message.Event, 100)
	require.NoError(t, err)
	var all []string
	for _, m := range found {
		all = append(all, m.Key+strconv.FormatInt(m.Version, 10))
	}
	return strings.Join(all, " ")
}
