package mysqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"create-service/templates/components/mysql/platform/mysqldb"
	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/kernel/message"
)

type thing struct {
	ID   int64
	Name string
}

// create inserts a thing under unit, with an id that no two inserts share.
func create(ctx context.Context, db *mysqldb.DB, unit message.Unit, name string) (thing, error) {
	return mysqldb.Once(ctx, db, unit, func(ctx context.Context, tx *sql.Tx) (thing, error) {
		done, err := tx.ExecContext(ctx, insertThing, name)
		if err != nil {
			return thing{}, err
		}
		id, err := done.LastInsertId()
		return thing{ID: id, Name: name}, err
	})
}

func unit(key, request string) message.Unit {
	u := message.Unit{Once: key}
	copy(u.Digest[:], request)
	return u
}

func TestOnceReturnsTheFirstResult(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	first, err := create(t.Context(), db.DB, unit("key", "request"), "a")
	require.NoError(t, err)
	again, err := create(t.Context(), db.DB, unit("key", "request"), "b")
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, 1, scan[int](t, db, countThings))
}

func TestOnceRefusesAnotherRequestUnderTheKey(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	_, err := create(t.Context(), db.DB, unit("key", "request"), "a")
	require.NoError(t, err)
	_, err = create(t.Context(), db.DB, unit("key", "another"), "b")
	require.Equal(t, fault.Reused, fault.KindOf(err))
	require.Equal(t, 1, scan[int](t, db, countThings))
}

func TestOnceKeysAreComparedByteForByte(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	for i, key := range []string{"key", "KEY", "key ", "kéy", strings.Repeat("k", 512)} {
		_, err := create(t.Context(), db.DB, unit(key, "request"), strconv.Itoa(i))
		require.NoError(t, err, key)
	}
	_, err := create(t.Context(), db.DB, unit(strings.Repeat("k", 513), "request"), "too long")
	require.Equal(t, fault.Malformed, fault.KindOf(err))
	require.Equal(t, 5, scan[int](t, db, countThings))
}

func TestWithoutAKeyNothingIsKept(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	for _, name := range []string{"a", "b"} {
		_, err := create(t.Context(), db.DB, message.Unit{}, name)
		require.NoError(t, err)
	}
	require.Equal(t, 2, scan[int](t, db, countThings))
	require.Equal(t, 0, scan[int](t, db, "SELECT COUNT(*) FROM `once_keys`"))
}

func TestFailedEffectFreesItsKey(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	refusal := errors.New("refused")
	_, err := mysqldb.Once(t.Context(), db.DB, unit("key", "request"), func(ctx context.Context, tx *sql.Tx) (thing, error) {
		require.NoError(t, insert(ctx, tx, "a"))
		return thing{ID: 7}, refusal
	})
	require.ErrorIs(t, err, refusal)
	_, err = create(t.Context(), db.DB, unit("key", "another request"), "b")
	require.NoError(t, err)
	require.Equal(t, "b", scan[string](t, db, "SELECT `name` FROM `things`"))
}

// The name is unique, so that a twin that did not wait for the first would collide with it instead of repeating it.
func TestTwinsHaveOneEffect(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	for round := range 10 {
		name := strconv.Itoa(round)
		var all sync.WaitGroup
		var mu sync.Mutex
		answers := map[thing]int{}
		for range 8 {
			all.Go(func() {
				answer, err := create(t.Context(), db.DB, unit(name, "request"), name)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				answers[answer]++
			})
		}
		all.Wait()
		require.Len(t, answers, 1, "all get the same answer")
	}
	require.Equal(t, 10, scan[int](t, db, countThings))
}

func TestTwinOfAFailureTakesOver(t *testing.T) {
	t.Parallel()
	db := open(t, migrated(t))
	begun, fail := make(chan struct{}), make(chan struct{})
	failed := make(chan error)
	go func() {
		_, err := mysqldb.Once(t.Context(), db.DB, unit("key", "request"), func(ctx context.Context, tx *sql.Tx) (thing, error) {
			err := insert(ctx, tx, "a")
			close(begun)
			<-fail
			return thing{}, errors.Join(err, errors.New("refused"))
		})
		failed <- err
	}()
	<-begun
	time.AfterFunc(200*time.Millisecond, func() { close(fail) })
	answer, err := create(t.Context(), db.DB, unit("key", "request"), "a")
	require.NoError(t, err)
	require.Equal(t, "a", answer.Name)
	require.ErrorContains(t, <-failed, "refused")
	require.Equal(t, 1, scan[int](t, db, countThings))
}

func TestLostCommitUnderAKeyIsSettled(t *testing.T) {
	t.Parallel()
	for name, delivered := range map[string]bool{"after it was done": true, "on its way": false} {
		t.Run(name, func(t *testing.T) {
			cfg := migrated(t)
			network := newProxy(t, cfg.Addr)
			cfg.Addr = network.addr()
			db := open(t, cfg)
			network.swallow.Store(&swallowed{statement: "COMMIT", delivered: delivered})
			answer, err := create(t.Context(), db.DB, unit("key", "request"), "a")
			require.NoError(t, err)
			require.Equal(t, "a", answer.Name)
			require.Equal(t, 1, scan[int](t, db, countThings))
		})
	}
}
