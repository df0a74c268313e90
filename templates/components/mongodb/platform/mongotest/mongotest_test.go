package mongotest_test

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"create-service/templates/components/mongodb/platform/mongodb"
	"create-service/templates/components/mongodb/platform/mongotest"
	"create-service/templates/service/platform/testserver"
)

func TestMain(m *testing.M) { testserver.Main(m, mongotest.Server()) }

func schema() mongodb.Schema {
	return mongodb.Schema{Steps: fstest.MapFS{"1_create_things.json": {Data: []byte(`[{"create": "things"}]`)}}}
}

func TestDatabasesAreApart(t *testing.T) {
	t.Parallel()
	first, second := mongotest.Open(t, schema()), mongotest.Open(t, schema())
	require.NoError(t, first.Do(t.Context(), func(ctx context.Context, database *mongo.Database) error {
		_, err := database.Collection("things").InsertOne(ctx, bson.D{{Key: "_id", Value: 1}})
		return err
	}))
	var count int64
	require.NoError(t, second.Do(t.Context(), func(ctx context.Context, database *mongo.Database) (err error) {
		count, err = database.Collection("things").CountDocuments(ctx, bson.D{})
		return err
	}))
	require.Zero(t, count)
}

func TestDatabasesAreDropped(t *testing.T) {
	t.Parallel()
	outer := mongotest.Open(t, schema())
	var name string
	t.Run("inner", func(t *testing.T) {
		require.NoError(t, mongotest.Open(t, schema()).Do(t.Context(), func(_ context.Context, database *mongo.Database) error {
			name = database.Name()
			return nil
		}))
		require.Contains(t, databases(t, outer), name)
	})
	require.NotContains(t, databases(t, outer), name)
}

func databases(t *testing.T, db *mongodb.DB) (names []string) {
	t.Helper()
	require.NoError(t, db.Do(t.Context(), func(ctx context.Context, database *mongo.Database) (err error) {
		names, err = database.Client().ListDatabaseNames(ctx, bson.D{})
		return err
	}))
	return names
}
