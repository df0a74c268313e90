package mysqlstandin

import "testing"

func TestEffectOf(t *testing.T) {
	for query, want := range map[string]effect{
		"SELECT * FROM t":                             reads,
		"  \n select 1 from t":                        reads,
		"/* why */ SELECT a FROM t":                   reads,
		"-- why\nSELECT a FROM t":                     reads,
		"# why\nSELECT a FROM t":                      reads,
		"(SELECT a FROM t) UNION (SELECT b FROM u)":   reads,
		"SHOW TABLES":                                 reads,
		"SET time_zone = '+00:00'":                    reads,
		"SELECT GET_LOCK('a', 5)":                     touchesNothing,
		"SELECT SLEEP(1)":                             touchesNothing,
		"SELECT a FROM t FOR UPDATE":                  writes,
		"SELECT a FROM t for  update skip locked":     writes,
		"SELECT a FROM t LOCK IN SHARE MODE":          writes,
		"SELECT a FROM t FOR SHARE":                   writes,
		"SELECT 'for update' FROM t":                  writes,
		"WITH x AS (SELECT 1 FROM t) SELECT * FROM x": reads,
		"WITH x AS (SELECT 1) DELETE FROM t":          writes,
		"INSERT INTO t VALUES (1)":                    writes,
		"update t set a = 1":                          writes,
		"DELETE FROM t":                               writes,
		"REPLACE INTO t VALUES (1)":                   writes,
		"CALL p()":                                    writes,
		"":                                            writes,
		"CREATE TABLE t (a INT)":                      defines,
		"ALTER TABLE t ADD b INT":                     defines,
		"TRUNCATE t":                                  defines,
		"BEGIN":                                       begins,
		"START TRANSACTION READ ONLY":                 begins,
		"COMMIT":                                      commits,
		"commit;":                                     commits,
		"ROLLBACK":                                    rollsBack,
	} {
		if got := effectOf(query); got != want {
			t.Errorf("effectOf(%q) = %d, want %d", query, got, want)
		}
	}
}
