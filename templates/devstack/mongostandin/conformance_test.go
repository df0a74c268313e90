package mongostandin_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"create-service/templates/devstack/mongostandin"
)

// What a service relies on must hold for the stand-in as for MongoDB: with TEST_MONGO_URI the tests run against that
// server. They keep an update of FerretDB from breaking a promise unseen.

// open returns a database of the test's own.
func open(t *testing.T) *mongo.Database {
	t.Helper()
	uri := os.Getenv("TEST_MONGO_URI")
	if uri == "" {
		uri = start(t)
	}
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetWriteConcern(writeconcern.Majority()))
	if err != nil {
		t.Fatal(err)
	}
	database := client.Database(fmt.Sprintf("conformance_%d", time.Now().UnixNano()))
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		if err := database.Drop(ctx); err != nil {
			t.Error(err)
		}
		if err := client.Disconnect(ctx); err != nil {
			t.Error(err)
		}
	})
	return database
}

// start returns the URI of a stand-in.
func start(t *testing.T) string {
	t.Helper()
	server, err := mongostandin.Start(t.Context(), mongostandin.Flags(flag.NewFlagSet("test", flag.ContinueOnError)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	uri, found := strings.CutPrefix(server.Environment()[0], "MONGODB_URI=")
	if !found {
		t.Fatalf("environment %v", server.Environment())
	}
	return uri
}

func insert(t *testing.T, in *mongo.Collection, documents ...any) {
	t.Helper()
	if _, err := in.InsertMany(t.Context(), documents); err != nil {
		t.Fatal(err)
	}
}

// unique makes a sparse unique index on a field.
func unique(t *testing.T, in *mongo.Collection, field string) {
	t.Helper()
	index := mongo.IndexModel{Keys: bson.D{{Key: field, Value: 1}}, Options: options.Index().SetUnique(true).SetSparse(true)}
	if _, err := in.Indexes().CreateOne(t.Context(), index); err != nil {
		t.Fatal(err)
	}
}

func TestConcurrentUpdatesLoseNothing(t *testing.T) {
	const writers, each = 8, 25
	counters := open(t).Collection("counters")
	insert(t, counters, bson.D{{Key: "_id", Value: "c"}, {Key: "n", Value: 0}})
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				add := bson.D{{Key: "$inc", Value: bson.D{{Key: "n", Value: 1}}}}
				if _, err := counters.UpdateByID(context.WithoutCancel(t.Context()), "c", add); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var found struct{ N int }
	if err := counters.FindOne(t.Context(), bson.D{}).Decode(&found); err != nil || found.N != writers*each {
		t.Errorf("%d and %v, want %d", found.N, err, writers*each)
	}
}

func TestConditionIsCheckedWithTheWrite(t *testing.T) {
	const writers = 8
	documents := open(t).Collection("documents")
	insert(t, documents, bson.D{{Key: "_id", Value: "d"}, {Key: "revision", Value: 1}})
	var mu sync.Mutex
	var wg sync.WaitGroup
	changed := int64(0)
	for range writers {
		wg.Go(func() {
			at := bson.D{{Key: "_id", Value: "d"}, {Key: "revision", Value: 1}}
			done, err := documents.UpdateOne(context.WithoutCancel(t.Context()), at, bson.D{{Key: "$set", Value: bson.D{{Key: "revision", Value: 2}}}})
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			changed += done.MatchedCount
		})
	}
	wg.Wait()
	if changed != 1 {
		t.Errorf("%d writers found revision 1, want one", changed)
	}
}

func TestUniqueIndexes(t *testing.T) {
	people := open(t).Collection("people")
	unique(t, people, "email")
	unique(t, people, "once.key")
	insert(t, people,
		bson.D{{Key: "_id", Value: 1}, {Key: "email", Value: "a@x.io"}, {Key: "once", Value: bson.D{{Key: "key", Value: "k"}}}},
		bson.D{{Key: "_id", Value: 2}},
		bson.D{{Key: "_id", Value: 3}, {Key: "email", Value: "A@x.io"}})
	_, taken := people.InsertOne(t.Context(), bson.D{{Key: "_id", Value: 4}, {Key: "email", Value: "a@x.io"}})
	_, nested := people.InsertOne(t.Context(), bson.D{{Key: "_id", Value: 4}, {Key: "once", Value: bson.D{{Key: "key", Value: "k"}}}})
	_, updated := people.UpdateByID(t.Context(), 2, bson.D{{Key: "$set", Value: bson.D{{Key: "email", Value: "a@x.io"}}}})
	for what, err := range map[string]error{"insert": taken, "insert of a nested value": nested, "update": updated} {
		if !mongo.IsDuplicateKeyError(err) {
			t.Errorf("%s: %v, want a duplicate", what, err)
		}
	}
	if _, err := people.UpdateByID(t.Context(), 1, bson.D{{Key: "$unset", Value: bson.D{{Key: "email", Value: ""}}}}); err != nil {
		t.Fatal(err)
	}
	if _, err := people.UpdateByID(t.Context(), 2, bson.D{{Key: "$set", Value: bson.D{{Key: "email", Value: "a@x.io"}}}}); err != nil {
		t.Errorf("a value that is free again: %v", err)
	}
}

func TestServersClockAndUpsert(t *testing.T) {
	leases := open(t).Collection("leases")
	ask := bson.D{{Key: "$currentDate", Value: bson.D{{Key: "now", Value: true}}}}
	for range 2 {
		var found struct{ Now time.Time }
		after := options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After)
		if err := leases.FindOneAndUpdate(t.Context(), bson.D{{Key: "_id", Value: "l"}}, ask, after).Decode(&found); err != nil {
			t.Fatal(err)
		}
		if age := time.Since(found.Now); age < -time.Minute || age > time.Minute {
			t.Errorf("the server says it is %s", found.Now)
		}
	}
}
