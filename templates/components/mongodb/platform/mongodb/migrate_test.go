package mongodb_test

import (
	"context"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"create-service/templates/components/mongodb/platform/mongodb"
	"create-service/templates/components/mongodb/platform/mongotest"
)

func files(migrations []mongodb.Migration) (names []string) {
	for _, each := range migrations {
		names = append(names, each.File)
	}
	return names
}

func TestMigrateDoesEachStepOnce(t *testing.T) {
	t.Parallel()
	cfg := mongotest.Database(t)
	db, err := mongodb.Open(t.Context(), cfg, schema(t), silent())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close(context.WithoutCancel(t.Context()))) })
	require.ErrorContains(t, db.CheckSchema(t.Context()), "00001_create_once_keys.json")
	status, err := db.Status(t.Context())
	require.NoError(t, err)
	require.Len(t, status, 2)
	require.Zero(t, status[0].Applied)

	done, err := mongodb.Migrate(t.Context(), cfg, schema(t))
	require.NoError(t, err)
	require.Equal(t, []string{"00001_create_once_keys.json", "00002_create_things.json"}, files(done))
	require.NoError(t, db.CheckSchema(t.Context()))
	done, err = mongodb.Migrate(t.Context(), cfg, schema(t))
	require.NoError(t, err)
	require.Empty(t, done)
	status, err = db.Status(t.Context())
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), status[1].Applied, time.Minute)

	// A binary of the release before is content with a schema that has more.
	older := schema(t)
	older.Steps = fstest.MapFS{"00001_create_once_keys.json": older.Steps.(fstest.MapFS)["00001_create_once_keys.json"]}
	before, err := mongodb.Open(t.Context(), cfg, older, silent())
	require.NoError(t, err)
	require.NoError(t, before.CheckSchema(t.Context()))
	require.NoError(t, before.Close(t.Context()))
}

func TestMigrateMakesTheIndexes(t *testing.T) {
	t.Parallel()
	all := open(t)
	var found []struct {
		Name   string `bson:"name"`
		Unique bool   `bson:"unique"`
	}
	require.NoError(t, all.db.Do(t.Context(), func(ctx context.Context, database *mongo.Database) error {
		cursor, err := database.Collection("things").Indexes().List(ctx)
		if err != nil {
			return err
		}
		return cursor.All(ctx, &found)
	}))
	unique := map[string]bool{}
	for _, each := range found {
		unique[each.Name] = each.Unique
	}
	require.Equal(t, map[string]bool{
		"_id_": false, "things_created": true, "things_sweep_at": false, "things_name": true, "things_created_at": false, "things_events": false,
	}, unique)
}

func TestConcurrentMigrationsTakeTurns(t *testing.T) {
	t.Parallel()
	cfg := mongotest.Database(t)
	var mu sync.Mutex
	var wg sync.WaitGroup
	var all []string
	for range 3 {
		wg.Go(func() {
			done, err := mongodb.Migrate(context.WithoutCancel(t.Context()), cfg, schema(t))
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, files(done)...)
		})
	}
	wg.Wait()
	require.Equal(t, []string{"00001_create_once_keys.json", "00002_create_things.json"}, all)
}

func TestFailedStepIsRunAgain(t *testing.T) {
	t.Parallel()
	cfg := mongotest.Database(t)
	steps := fstest.MapFS{
		"1_first.json":  {Data: []byte(`[{"create": "first"}]`)},
		"2_second.json": {Data: []byte(`[{"createIndexes": "second", "indexes": [{"name": "i", "key": {"a": 1}}]}, {"noSuchCommand": 1}]`)},
	}
	done, err := mongodb.Migrate(t.Context(), cfg, mongodb.Schema{Steps: steps})
	require.ErrorContains(t, err, "2_second.json")
	require.ErrorContains(t, err, "noSuchCommand")
	require.Equal(t, []string{"1_first.json"}, files(done))
	steps["2_second.json"].Data = []byte(`[{"createIndexes": "second", "indexes": [{"name": "i", "key": {"a": 1}}]}]`)
	done, err = mongodb.Migrate(t.Context(), cfg, mongodb.Schema{Steps: steps})
	require.NoError(t, err)
	require.Equal(t, []string{"2_second.json"}, files(done))
}

func TestRepeatedStepFindsItsIndexGone(t *testing.T) {
	t.Parallel()
	cfg := mongotest.Database(t)
	steps := fstest.MapFS{
		"1_first.json":  {Data: []byte(`[{"createIndexes": "things", "indexes": [{"name": "i", "key": {"a": 1}}]}]`)},
		"2_second.json": {Data: []byte(`[{"dropIndexes": "things", "index": "i"}, {"noSuchCommand": 1}]`)},
	}
	_, err := mongodb.Migrate(t.Context(), cfg, mongodb.Schema{Steps: steps})
	require.ErrorContains(t, err, "noSuchCommand")
	steps["2_second.json"].Data = []byte(`[{"dropIndexes": "things", "index": "i"}, {"createIndexes": "things", "indexes": [{"name": "i", "key": {"a": 1}, "unique": true}]}]`)
	done, err := mongodb.Migrate(t.Context(), cfg, mongodb.Schema{Steps: steps})
	require.NoError(t, err)
	require.Equal(t, []string{"2_second.json"}, files(done))
}

func TestStepsAreChecked(t *testing.T) {
	t.Parallel()
	cfg := mongotest.Database(t)
	step := &fstest.MapFile{Data: []byte(`[{"create": "first"}]`)}
	for name, steps := range map[string]fstest.MapFS{
		"does not begin with a number": {"first.json": step},
		"has the number of another":    {"01_a.json": step, "1_b.json": step},
		"a list of commands":           {"1_a.json": {Data: []byte(`{"create": "first"}`)}},
		"this has none":                {"1_a.json": {Data: []byte(`[]`)}},
	} {
		_, err := mongodb.Migrate(t.Context(), cfg, mongodb.Schema{Steps: steps})
		require.ErrorContains(t, err, name)
	}
}

// A migration that was killed leaves its lease, which ends by itself.
func TestMigrationWaitsForTheLeaseOfADeadOne(t *testing.T) {
	t.Parallel()
	all := open(t)
	dead, other := uuid.New(), uuid.New()
	held, err := all.db.Lease(t.Context(), "migration", dead, 200*time.Millisecond)
	require.NoError(t, err)
	require.True(t, held)
	held, err = all.db.Lease(t.Context(), "migration", other, time.Second)
	require.NoError(t, err)
	require.False(t, held)
	require.Eventually(t, func() bool {
		held, err := all.db.Lease(t.Context(), "migration", other, time.Second)
		return err == nil && held
	}, 5*time.Second, 20*time.Millisecond)
	held, err = all.db.Lease(t.Context(), "migration", dead, time.Second)
	require.NoError(t, err)
	require.False(t, held, "the dead one's lease is over")
	require.NotNil(t, all.raw(t, "leases", "migration")["now"])
	require.IsType(t, bson.DateTime(0), all.raw(t, "leases", "migration")["ends_at"])
}
