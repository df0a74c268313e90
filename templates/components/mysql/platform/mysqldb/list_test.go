package mysqldb_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"create-service/templates/components/mysql/platform/mysqldb"
)

type item struct {
	id    uuid.UUID
	count int
}

func scanItem(row mysqldb.Row) (item, error) {
	var one item
	err := row.Scan(&one.id, &one.count)
	return one, err
}

// items fills a table in which three rows each share the value that they are sorted by.
func items(t *testing.T) *reported {
	t.Helper()
	db := open(t, migrated(t))
	run(t, db, "CREATE TABLE `items` (`id` BINARY(16) PRIMARY KEY, `count` INT NOT NULL, `owner` VARCHAR(9) NOT NULL)")
	for i := range 30 {
		id := uuid.New()
		run(t, db, "INSERT INTO `items` VALUES (?, ?, ?)", mysqldb.UUID(&id), i/3, fmt.Sprint("owner", i%2))
	}
	return db
}

func TestPagesHoldEveryRowOnce(t *testing.T) {
	t.Parallel()
	db := items(t)
	for _, descending := range []bool{false, true} {
		for _, size := range []int{1, 2, 4, 30, 31} {
			t.Run(fmt.Sprintf("descending %v, %d a page", descending, size), func(t *testing.T) {
				all := pages(t, db, mysqldb.Select{Descending: descending, Limit: size})
				require.Len(t, all, 30)
				seen := map[uuid.UUID]bool{}
				for i, one := range all {
					seen[one.id] = true
					want := i / 3
					if descending {
						want = 9 - want
					}
					require.Equal(t, want, one.count)
				}
				require.Len(t, seen, 30)
			})
		}
	}
}

func TestPagesKeepTheFilter(t *testing.T) {
	t.Parallel()
	filtered := mysqldb.Select{Limit: 4}
	filtered.Where("`owner` = ?", "owner1")
	require.Len(t, pages(t, items(t), filtered), 15)
}

// pages reads page after page, each after the last row of the one before.
func pages(t *testing.T, db *reported, first mysqldb.Select) (all []item) {
	t.Helper()
	first.Columns, first.Table = "`id`, `count`", "`items`"
	first.SortBy = mysqldb.Column{Name: "`count`", Param: "?"}
	for page := first; ; {
		query, args := page.Query()
		found, err := mysqldb.Collect(t.Context(), db, query, args, scanItem)
		require.NoError(t, err)
		all = append(all, found...)
		require.LessOrEqual(t, len(all), 30, "a row came twice")
		if len(found) < page.Limit {
			return all
		}
		page = first
		last := found[len(found)-1]
		page.After(last.count, last.id)
	}
}

func TestCollectReportsAScanError(t *testing.T) {
	t.Parallel()
	_, err := mysqldb.Collect(t.Context(), open(t, migrated(t)), "SELECT 1", nil, scanItem)
	require.Error(t, err)
}

func TestArguments(t *testing.T) {
	t.Parallel()
	require.Nil(t, mysqldb.UUID(nil))
	require.Nil(t, mysqldb.JSON(nil))
	require.Equal(t, `{"a":1}`, mysqldb.JSON([]byte(`{"a":1}`)))
	id := uuid.New()
	parsed, err := mysqldb.ParseUUID(id.String())
	require.NoError(t, err)
	require.Equal(t, id[:], parsed)
	_, err = mysqldb.ParseUUID("no id")
	require.Error(t, err)
}
