package mongodb_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"create-service/templates/components/mongodb/platform/mongodb"
	"create-service/templates/service/kernel/message"
)

func TestAggregateComesBackAsItWas(t *testing.T) {
	t.Parallel()
	all := open(t)
	want := all.create(t, "a")
	if diff := cmp.Diff(want, all.get(t, want.ID)); diff != "" {
		t.Errorf("thing (-want +got):\n%s", diff)
	}
	bare := newThing("b")
	bare.Note = nil
	_, err := all.Create(t.Context(), bare, message.Unit{})
	require.NoError(t, err)
	if diff := cmp.Diff(bare, all.get(t, bare.ID)); diff != "" {
		t.Errorf("thing without a note (-want +got):\n%s", diff)
	}
	_, err = all.Get(t.Context(), uuid.New())
	require.ErrorIs(t, err, errNotFound)
}

func TestUpdateRemovesWhatIsAbsentAndKeepsWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	all := open(t)
	created := all.create(t, "a")
	all.set(t, "things", created.ID, "$set", bson.D{{Key: "of_a_newer_release", Value: "x"}})
	changed, err := all.Update(t.Context(), created.ID, message.Unit{}, func(a *thing) ([]message.Message, error) {
		a.Note = nil
		a.Name = "b"
		return nil, nil
	})
	require.NoError(t, err)
	if diff := cmp.Diff(changed, all.get(t, created.ID)); diff != "" {
		t.Errorf("thing (-returned +kept):\n%s", diff)
	}
	kept := all.raw(t, "things", created.ID)
	require.NotContains(t, kept, "note")
	require.Equal(t, "x", kept["of_a_newer_release"])
	require.EqualValues(t, 2, kept["_revision"])
}

func TestRefusedUpdateLeavesNothing(t *testing.T) {
	t.Parallel()
	all := open(t)
	created := all.create(t, "a")
	refusal := errors.New("refused")
	_, err := all.Update(t.Context(), created.ID, unit("key", "request"), func(a *thing) ([]message.Message, error) {
		a.Count = 99
		return []message.Message{event("a", 1)}, refusal
	})
	require.ErrorIs(t, err, refusal)
	require.Equal(t, created, all.get(t, created.ID))
	require.Empty(t, all.versions(t))
	_, err = all.count(t.Context(), created.ID, unit("key", "another request"))
	require.NoError(t, err, "a key whose effect was refused is free")
	_, err = all.count(t.Context(), uuid.New(), message.Unit{})
	require.ErrorIs(t, err, errNotFound)
}

func TestDuplicatesAreTold(t *testing.T) {
	t.Parallel()
	all := open(t)
	first := all.create(t, "a")
	second := all.create(t, "b")
	_, err := all.Create(t.Context(), newThing("a"), message.Unit{})
	require.ErrorIs(t, err, errNameTaken)
	again := newThing("c")
	again.ID = first.ID
	_, err = all.Create(t.Context(), again, message.Unit{})
	require.True(t, mongodb.IsDuplicate(err), "a taken id: %v", err)
	require.NotContains(t, err.Error(), "things", "the server's message holds values")
	_, err = all.Update(t.Context(), second.ID, message.Unit{}, func(a *thing) ([]message.Message, error) {
		a.Name = "a"
		return nil, nil
	})
	require.ErrorIs(t, err, errNameTaken)
	require.Equal(t, second, all.get(t, second.ID))
}

// Several writers change one document at once: no change is lost.
func TestConcurrentUpdatesLoseNothing(t *testing.T) {
	t.Parallel()
	const writers, each = 8, 25
	all := open(t)
	created := all.create(t, "a")
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				if _, err := all.count(context.WithoutCancel(t.Context()), created.ID, message.Unit{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, writers*each, all.get(t, created.ID).Count)
}

// A document that is written over and over is an outage for whoever never gets through, and no endless wait.
func TestUpdateGivesUp(t *testing.T) {
	t.Parallel()
	all := open(t)
	created := all.create(t, "a")
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	calls := 0
	_, err := all.Update(ctx, created.ID, message.Unit{}, func(*thing) ([]message.Message, error) {
		calls++
		_, err := all.count(context.WithoutCancel(ctx), created.ID, message.Unit{})
		return nil, err
	})
	require.Error(t, err)
	require.Greater(t, calls, 1, "it began anew")
}

func TestDeleteWithoutMessagesLeavesNothing(t *testing.T) {
	t.Parallel()
	all := open(t)
	created := all.create(t, "a")
	refusal := errors.New("refused")
	err := all.Delete(t.Context(), created.ID, func(*thing) ([]message.Message, error) { return nil, refusal })
	require.ErrorIs(t, err, refusal)
	all.get(t, created.ID)
	require.NoError(t, all.Delete(t.Context(), created.ID, accept))
	require.Nil(t, all.raw(t, "things", created.ID))
	require.ErrorIs(t, all.Delete(t.Context(), created.ID, accept), errNotFound)
}

func accept(*thing) ([]message.Message, error) { return nil, nil }

// What comes in between a delete's check and its write is seen by another check.
func TestDeleteChecksWhatItDeletes(t *testing.T) {
	t.Parallel()
	all := open(t)
	created := all.create(t, "a")
	var seen []int
	err := all.Delete(t.Context(), created.ID, func(a *thing) ([]message.Message, error) {
		seen = append(seen, a.Count)
		if len(seen) > 1 {
			return nil, nil
		}
		_, err := all.count(t.Context(), created.ID, message.Unit{})
		return nil, err
	})
	require.NoError(t, err)
	require.Equal(t, []int{0, 1}, seen)
}

func TestTombstoneIsInvisibleUntilItsMessagesAreGone(t *testing.T) {
	t.Parallel()
	all := open(t)
	created := all.create(t, "a")
	require.NoError(t, all.Delete(t.Context(), created.ID, func(*thing) ([]message.Message, error) {
		return []message.Message{event("a", 2)}, nil
	}))
	kept := all.raw(t, "things", created.ID)
	require.Equal(t, true, kept["_deleted"])
	require.NotContains(t, kept, "name")

	_, err := all.Get(t.Context(), created.ID)
	require.ErrorIs(t, err, errNotFound)
	_, err = all.count(t.Context(), created.ID, message.Unit{})
	require.ErrorIs(t, err, errNotFound)
	require.ErrorIs(t, all.Delete(t.Context(), created.ID, accept), errNotFound)
	list, err := all.List(t.Context(), mongodb.Page{SortBy: "created_at", Limit: 10})
	require.NoError(t, err)
	require.Empty(t, list)
	all.create(t, "a") // the name is free

	waiting, err := all.db.Waiting(t.Context(), message.Event, 10)
	require.NoError(t, err)
	require.Len(t, waiting, 1)
	require.NoError(t, all.db.Sent(t.Context(), message.Event, waiting))
	require.Nil(t, all.raw(t, "things", created.ID))
	require.EqualValues(t, 1, all.documents(t, "things"))
}

func TestListPagesAndFilters(t *testing.T) {
	t.Parallel()
	all := open(t)
	var ids []uuid.UUID
	for i := range 7 {
		a := newThing(string(rune('a' + i)))
		a.CreatedAt = a.CreatedAt.Add(time.Duration(i/2) * time.Microsecond)
		a.Count = i % 2
		_, err := all.Create(t.Context(), a, message.Unit{})
		require.NoError(t, err)
		ids = append(ids, a.ID)
	}
	for _, descending := range []bool{false, true} {
		var got []uuid.UUID
		page := mongodb.Page{SortBy: "created_at", Descending: descending, Limit: 2}
		for range 5 {
			list, err := all.List(t.Context(), page)
			require.NoError(t, err)
			for _, a := range list {
				got = append(got, a.ID)
				page.After(a.CreatedAt, a.ID)
			}
		}
		want := append([]uuid.UUID{}, ids...)
		if descending {
			for i, id := range ids {
				want[len(ids)-1-i] = id
			}
		}
		require.Equal(t, want, got)
	}
	page := mongodb.Page{SortBy: "created_at", Limit: 10}
	page.Where("count", 1)
	list, err := all.List(t.Context(), page)
	require.NoError(t, err)
	require.Len(t, list, 3)
}
