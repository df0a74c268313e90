package mongodb_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"create-service/templates/components/mongodb/platform/mongodb"
	"create-service/templates/components/mongodb/platform/mongotest"
	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/kernel/message"
)

func TestCreateReturnsTheFirstResult(t *testing.T) {
	t.Parallel()
	all := open(t)
	once := unit("key", "request")
	once.Messages = []message.Message{event("a", 1)}
	first, err := all.Create(t.Context(), newThing("a"), once)
	require.NoError(t, err)
	_, err = all.count(t.Context(), first.ID, message.Unit{})
	require.NoError(t, err)
	again, err := all.Create(t.Context(), newThing("b"), once)
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.EqualValues(t, 1, all.documents(t, "things"))
	require.Equal(t, "a1", all.versions(t))

	_, err = all.Create(t.Context(), newThing("c"), unit("key", "another request"))
	require.Equal(t, fault.Reused, fault.KindOf(err))
	_, err = all.Create(t.Context(), newThing("d"), unit(strings.Repeat("k", 513), ""))
	require.Equal(t, fault.Malformed, fault.KindOf(err))
}

func TestCreateReturnsTheFirstResultAfterItsDelete(t *testing.T) {
	t.Parallel()
	all := open(t)
	first, err := all.Create(t.Context(), newThing("a"), unit("key", "request"))
	require.NoError(t, err)
	require.NoError(t, all.Delete(t.Context(), first.ID, accept))
	again, err := all.Create(t.Context(), newThing("a"), unit("key", "request"))
	require.NoError(t, err)
	require.Equal(t, first, again)
	_, err = all.Get(t.Context(), first.ID)
	require.ErrorIs(t, err, errNotFound)
}

func TestConcurrentCreatesUnderOneKeyAreOne(t *testing.T) {
	t.Parallel()
	all := open(t)
	ids := make([]uuid.UUID, 8)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			// Half of them have the same name, which is unique: their own twin must not look like somebody else.
			created, err := all.Create(context.WithoutCancel(t.Context()), newThing(strconv.Itoa(i/2)), unit("key", "request"))
			if err != nil {
				t.Error(err)
			}
			ids[i] = created.ID
		})
	}
	wg.Wait()
	for _, id := range ids {
		require.Equal(t, ids[0], id)
	}
	require.EqualValues(t, 1, all.documents(t, "things"))
}

func TestConcurrentUpdatesUnderOneKeyAreOne(t *testing.T) {
	t.Parallel()
	all := open(t)
	created := all.create(t, "a")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			changed, err := all.count(context.WithoutCancel(t.Context()), created.ID, unit("key", "request"))
			if err != nil || changed.Count != 1 {
				t.Errorf("%+v and %v, want count 1", changed, err)
			}
		})
	}
	wg.Wait()
	require.Equal(t, 1, all.get(t, created.ID).Count)
}

func TestUpdateReturnsTheFirstResultHoweverMuchFollows(t *testing.T) {
	t.Parallel()
	all := open(t)
	created := all.create(t, "a")
	first, err := all.count(t.Context(), created.ID, unit("key 0", "request"))
	require.NoError(t, err)
	for i := range 5 {
		_, err := all.count(t.Context(), created.ID, unit("key "+strconv.Itoa(1+i), "request"))
		require.NoError(t, err)
	}
	again, err := all.count(t.Context(), created.ID, unit("key 0", "request"))
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Equal(t, 6, all.get(t, created.ID).Count)
	_, err = all.count(t.Context(), created.ID, unit("key 0", "another request"))
	require.Equal(t, fault.Reused, fault.KindOf(err))

	other := all.create(t, "b")
	_, err = all.count(t.Context(), other.ID, unit("key 5", "on another document"))
	require.Equal(t, fault.Reused, fault.KindOf(err), "a key is one for all documents")
	require.Zero(t, all.get(t, other.ID).Count)
}

// A process that dies after the write of a change and before the copy of its key leaves the key in the document alone.
func TestKeyThatWasNotCopiedIsFoundAndCopiedLater(t *testing.T) {
	t.Parallel()
	all := open(t)
	created := all.create(t, "a")
	first, err := all.count(t.Context(), created.ID, unit("key", "request"))
	require.NoError(t, err)
	all.set(t, "once_keys", "key", "$set", bson.D{{Key: "expires_at", Value: time.Unix(0, 0)}})
	require.NoError(t, all.db.SweepOnce(t.Context(), time.Now()))
	require.Nil(t, all.raw(t, "once_keys", "key"))

	again, err := all.count(t.Context(), created.ID, unit("key", "request"))
	require.NoError(t, err)
	require.Equal(t, first, again)
	_, err = all.count(t.Context(), created.ID, unit("another key", "request"))
	require.NoError(t, err)
	require.NotNil(t, all.raw(t, "once_keys", "key"))
	again, err = all.count(t.Context(), created.ID, unit("key", "request"))
	require.NoError(t, err)
	require.Equal(t, first, again)
}

// A process that dies before its write leaves nothing, and one that dies after it leaves everything: whoever repeats the
// request, on other connections, gets one effect.
func TestRepetitionByAnotherProcess(t *testing.T) {
	t.Parallel()
	cfg := mongotest.Database(t)
	_, err := mongodb.Migrate(t.Context(), cfg, schema(t))
	require.NoError(t, err)
	one, other := openAs(t, cfg), openAs(t, cfg)
	created := one.create(t, "a")
	ctx, die := context.WithCancel(t.Context())
	_, err = one.Update(ctx, created.ID, unit("key", "request"), func(a *thing) ([]message.Message, error) {
		die() // between the read and the write
		a.Count++
		return []message.Message{event("a", 1)}, nil
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, other.versions(t))
	for range 2 {
		changed, err := other.Update(t.Context(), created.ID, unit("key", "request"), func(a *thing) ([]message.Message, error) {
			a.Count++
			return []message.Message{event("a", 1)}, nil
		})
		require.NoError(t, err)
		require.Equal(t, 1, changed.Count)
	}
	require.Equal(t, "a1", one.versions(t))
}

// The twin of a request commits between this one's read and its write, and a further change moves the twin's key out of the
// document: the effect is still one.
func TestKeyThatMovesWhileItIsLookedFor(t *testing.T) {
	t.Parallel()
	all := open(t)
	created := all.create(t, "a")
	calls := 0
	result, err := all.Update(t.Context(), created.ID, unit("key", "request"), func(a *thing) ([]message.Message, error) {
		calls++
		_, err := all.count(t.Context(), created.ID, unit("key", "request"))
		require.NoError(t, err)
		_, err = all.count(t.Context(), created.ID, unit("further key", "request"))
		require.NoError(t, err)
		a.Count++
		return nil, nil
	})
	require.NoError(t, err)
	require.Equal(t, 1, result.Count)
	require.Equal(t, 1, calls)
	require.Equal(t, 2, all.get(t, created.ID).Count)
}

func TestReceiveCommitsItsUnitOnce(t *testing.T) {
	t.Parallel()
	all := open(t)
	once := unit("consumer/e-1", "")
	once.Messages = []message.Message{event("a", 1)}
	for range 3 {
		require.NoError(t, all.db.Receive(t.Context(), once))
	}
	require.Equal(t, "a1", all.versions(t))
	require.Equal(t, fault.Reused, fault.KindOf(all.db.Receive(t.Context(), unit("consumer/e-1", "another"))))
	require.Error(t, all.db.Receive(t.Context(), message.Unit{}))

	// What was handled without an aggregate is handled, also for a use case that takes the key later.
	created := all.create(t, "a")
	_, err := all.count(t.Context(), created.ID, unit("consumer/e-1", ""))
	require.NoError(t, err)
	require.Zero(t, all.get(t, created.ID).Count)

	require.NoError(t, all.db.SweepOnce(t.Context(), time.Now().Add(48*time.Hour)))
	require.NotNil(t, all.raw(t, "once_keys", "consumer/e-1"), "its message waits")
	waiting, err := all.db.Waiting(t.Context(), message.Event, 10)
	require.NoError(t, err)
	require.NoError(t, all.db.Sent(t.Context(), message.Event, waiting))
	require.NoError(t, all.db.SweepOnce(t.Context(), time.Now().Add(48*time.Hour)))
	require.Nil(t, all.raw(t, "once_keys", "consumer/e-1"))
}

func TestKeysExpire(t *testing.T) {
	t.Parallel()
	all := open(t)
	short := unit("key", "request")
	short.Keep = 50 * time.Millisecond
	first, err := all.Create(t.Context(), newThing("a"), short)
	require.NoError(t, err)
	_, err = all.count(t.Context(), first.ID, unit("change", "request"))
	require.NoError(t, err)
	time.Sleep(100 * time.Millisecond)
	second, err := all.Create(t.Context(), newThing("b"), short)
	require.NoError(t, err)
	require.NotEqual(t, first.ID, second.ID)
	require.NoError(t, all.db.Receive(t.Context(), short))
	time.Sleep(100 * time.Millisecond)
	require.NoError(t, all.db.Receive(t.Context(), short))

	require.NoError(t, all.db.SweepOnce(t.Context(), time.Now().Add(48*time.Hour)))
	for _, each := range []thing{first, second} {
		kept := all.raw(t, "things", each.ID)
		for _, field := range []string{"_created", "_changed", "_sweep_at"} {
			require.NotContains(t, kept, field)
		}
	}
	require.Zero(t, all.documents(t, "once_keys"))
	require.Equal(t, 1, all.get(t, first.ID).Count)
}

func TestSweepBuriesTombstones(t *testing.T) {
	t.Parallel()
	all := open(t)
	first, err := all.Create(t.Context(), newThing("a"), unit("key", "request"))
	require.NoError(t, err)
	require.NoError(t, all.Delete(t.Context(), first.ID, func(*thing) ([]message.Message, error) {
		return []message.Message{event("a", 1)}, nil
	}))
	require.NoError(t, all.db.SweepOnce(t.Context(), time.Now()))
	waiting, err := all.db.Waiting(t.Context(), message.Event, 10)
	require.NoError(t, err)
	require.NoError(t, all.db.Sent(t.Context(), message.Event, waiting))
	require.NotNil(t, all.raw(t, "things", first.ID), "its key is remembered")
	require.NoError(t, all.db.SweepOnce(t.Context(), time.Now().Add(48*time.Hour)))
	require.Nil(t, all.raw(t, "things", first.ID))
}
