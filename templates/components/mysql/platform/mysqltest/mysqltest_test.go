package mysqltest_test

import (
	"testing"
	"testing/fstest"

	"create-service/templates/components/mysql/platform/mysqldb"
	"create-service/templates/components/mysql/platform/mysqltest"
	"create-service/templates/service/platform/testserver"
)

func TestMain(m *testing.M) { testserver.Main(m, mysqltest.Server()) }

func migrations() fstest.MapFS {
	return fstest.MapFS{"00001_create_things.sql": {Data: []byte("-- +goose Up\nCREATE TABLE `things` (`id` INT PRIMARY KEY);\n")}}
}

func TestDatabasesAreApart(t *testing.T) {
	t.Parallel()
	first, second := mysqltest.Open(t, migrations()), mysqltest.Open(t, migrations())
	if _, err := first.ExecContext(t.Context(), "INSERT INTO `things` VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	var count int
	if err := second.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM `things`").Scan(&count); err != nil || count != 0 {
		t.Fatalf("got %d rows and %v, want none", count, err)
	}
}

func TestDatabasesAreDropped(t *testing.T) {
	t.Parallel()
	outer := mysqltest.Open(t, migrations())
	var name string
	t.Run("inner", func(t *testing.T) {
		name = mysqltest.Database(t).Database
		if got := schemata(t, outer, name); got != 1 {
			t.Fatalf("got %d databases, want 1", got)
		}
	})
	if got := schemata(t, outer, name); got != 0 {
		t.Fatalf("got %d databases after the test, want none", got)
	}
}

func schemata(t *testing.T, db *mysqldb.DB, name string) (count int) {
	t.Helper()
	const query = "SELECT COUNT(*) FROM `information_schema`.`schemata` WHERE `schema_name` = ?"
	if err := db.QueryRowContext(t.Context(), query, name).Scan(&count); err != nil {
		t.Fatal(err)
	}
	return count
}
