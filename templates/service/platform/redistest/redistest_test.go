package redistest_test

import (
	"os"
	"testing"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"create-service/templates/service/platform/redistest"
)

// The tests take the server of TEST_REDIS_ADDR, else one in this process.
func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if os.Getenv("TEST_REDIS_ADDR") != "" {
		return m.Run()
	}
	server, err := miniredis.Run()
	if err != nil {
		panic(err)
	}
	defer server.Close()
	if err := os.Setenv("TEST_REDIS_ADDR", server.Addr()); err != nil {
		panic(err)
	}
	return m.Run()
}

func connect(t *testing.T, db redistest.Database) *redis.Client {
	t.Helper()
	client := redis.NewClient(&redis.Options{Addr: db.Addr, DB: db.Number})
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	return client
}

func TestDatabasesAreApart(t *testing.T) {
	t.Parallel()
	first, second := connect(t, redistest.Open(t)), connect(t, redistest.Open(t))
	require.NoError(t, first.Set(t.Context(), "key", "value", 0).Err())
	require.Zero(t, second.Exists(t.Context(), "key").Val())
}

func TestADatabaseIsGivenBackEmpty(t *testing.T) {
	t.Parallel()
	var inner redistest.Database
	t.Run("inner", func(t *testing.T) {
		inner = redistest.Open(t)
		require.NoError(t, connect(t, inner).Set(t.Context(), "key", "value", 0).Err())
	})
	require.Zero(t, connect(t, inner).Exists(t.Context(), "key").Val())
}

// There are fewer databases than tests here: each waits for its turn.
func TestMoreTestsThanDatabases(t *testing.T) {
	t.Parallel()
	for range 40 {
		t.Run("test", func(t *testing.T) {
			t.Parallel()
			own := connect(t, redistest.Open(t))
			require.EqualValues(t, 1, own.Incr(t.Context(), "users").Val())
		})
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"ASYNQ_REDIS_ADDR=127.0.0.1:6379", "ASYNQ_REDIS_DB=3"},
		redistest.Database{Addr: "127.0.0.1:6379", Number: 3}.Environment("ASYNQ"))
}
