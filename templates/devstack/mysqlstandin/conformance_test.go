package mysqlstandin_test

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"create-service/templates/devstack/mysqlstandin"
)

// open returns a database in which nothing exists: of the stand-in, or of the server that TEST_MYSQL_DSN names. That
// one is the control: what is promised here must hold there too.
func open(t *testing.T) *sql.DB {
	t.Helper()
	cfg := server(t)
	admin := connect(t, cfg)
	cfg.DBName = "conformance_" + strings.ToLower(t.Name()[len("Test"):])
	exec(t, admin, "DROP DATABASE IF EXISTS `"+cfg.DBName+"`")
	exec(t, admin, "CREATE DATABASE `"+cfg.DBName+"`")
	t.Cleanup(func() { exec(t, admin, "DROP DATABASE `"+cfg.DBName+"`") })
	return connect(t, cfg)
}

func server(t *testing.T) *mysql.Config {
	t.Helper()
	if dsn := os.Getenv("TEST_MYSQL_DSN"); dsn != "" {
		cfg, err := mysql.ParseDSN(dsn)
		ok(t, err)
		return settings(cfg)
	}
	config := mysqlstandin.Flags(flag.NewFlagSet("", flag.PanicOnError))
	standin, err := mysqlstandin.Start(t.Context(), config)
	ok(t, err)
	t.Cleanup(func() { ok(t, standin.Close()) })
	cfg := mysql.NewConfig()
	cfg.Net, cfg.User = "tcp", "root"
	cfg.Addr = strings.TrimPrefix(standin.Environment()[0], "MYSQL_ADDR=")
	return settings(cfg)
}

func settings(cfg *mysql.Config) *mysql.Config {
	cfg.InterpolateParams = true
	cfg.Params = map[string]string{"innodb_lock_wait_timeout": "2"}
	return cfg
}

func connect(t *testing.T, cfg *mysql.Config) *sql.DB {
	t.Helper()
	connector, err := mysql.NewConnector(cfg)
	ok(t, err)
	db := sql.OpenDB(connector)
	t.Cleanup(func() { ok(t, db.Close()) })
	return db
}

func TestWritersOfOneRowAllCount(t *testing.T) {
	db := open(t)
	exec(t, db, "CREATE TABLE `counters` (`id` INT PRIMARY KEY, `v` INT NOT NULL)")
	exec(t, db, "INSERT INTO `counters` VALUES (1, 0), (2, 0)")
	atOnce(8, func(int) {
		for range 25 {
			inTx(t, db, func(tx *sql.Tx) {
				exec(t, tx, "UPDATE `counters` SET `v` = `v` + 1 WHERE `id` = 1")
			})
			inTx(t, db, func(tx *sql.Tx) {
				v := number(t, tx, "SELECT `v` FROM `counters` WHERE `id` = 2 FOR UPDATE")
				exec(t, tx, "UPDATE `counters` SET `v` = ? WHERE `id` = 2", v+1)
			})
		}
	})
	equal(t, number(t, db, "SELECT `v` FROM `counters` WHERE `id` = 1"), 200)
	equal(t, number(t, db, "SELECT `v` FROM `counters` WHERE `id` = 2"), 200)
}

func TestInsertersAllCount(t *testing.T) {
	db := open(t)
	exec(t, db, "CREATE TABLE `rows` (`id` BIGINT AUTO_INCREMENT PRIMARY KEY, `who` INT NOT NULL)")
	insert, err := db.PrepareContext(t.Context(), "INSERT INTO `rows` (`who`) VALUES (?)")
	ok(t, err)
	defer insert.Close()
	atOnce(8, func(who int) {
		for range 25 {
			exec(t, db, "INSERT INTO `rows` (`who`) VALUES (?)", who)
			_, err := insert.ExecContext(t.Context(), who)
			ok(t, err)
		}
	})
	equal(t, number(t, db, "SELECT COUNT(*) FROM `rows`"), 400)
	equal(t, number(t, db, "SELECT COUNT(DISTINCT `id`) FROM `rows`"), 400)
}

func TestReadersUndoNothing(t *testing.T) {
	db := open(t)
	exec(t, db, "CREATE TABLE `rows` (`id` INT PRIMARY KEY)")
	reader, err := db.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	ok(t, err)
	equal(t, number(t, reader, "SELECT COUNT(*) FROM `rows`"), 0)
	exec(t, db, "INSERT INTO `rows` VALUES (1)")
	ok(t, reader.Commit())
	equal(t, number(t, db, "SELECT COUNT(*) FROM `rows`"), 1)
}

func TestReadsAndWritesAtOnce(t *testing.T) {
	db := open(t)
	exec(t, db, "CREATE TABLE `rows` (`id` INT AUTO_INCREMENT PRIMARY KEY, `v` INT NOT NULL)")
	atOnce(8, func(who int) {
		for range 25 {
			if who%2 == 0 {
				exec(t, db, "INSERT INTO `rows` (`v`) VALUES (1)")
			} else {
				inTx(t, db, func(tx *sql.Tx) { number(t, tx, "SELECT COUNT(*) FROM `rows`") })
				number(t, db, "SELECT COALESCE(SUM(`v`), 0) FROM `rows`")
			}
		}
	})
	equal(t, number(t, db, "SELECT COUNT(*) FROM `rows`"), 100)
}

func TestTransactionsAreIsolated(t *testing.T) {
	db := open(t)
	exec(t, db, "CREATE TABLE `rows` (`id` INT PRIMARY KEY)")
	tx, err := db.BeginTx(t.Context(), nil)
	ok(t, err)
	exec(t, tx, "INSERT INTO `rows` VALUES (1)")
	equal(t, number(t, tx, "SELECT COUNT(*) FROM `rows`"), 1)
	equal(t, number(t, db, "SELECT COUNT(*) FROM `rows`"), 0)
	refused(t, execute(tx, "INSERT INTO `rows` VALUES (1)"), 1062)
	ok(t, tx.Rollback())
	equal(t, number(t, db, "SELECT COUNT(*) FROM `rows`"), 0)
}

func TestLockWaitEnds(t *testing.T) {
	db := open(t)
	exec(t, db, "CREATE TABLE `rows` (`id` INT PRIMARY KEY, `v` INT NOT NULL)")
	exec(t, db, "INSERT INTO `rows` VALUES (1, 0)")
	tx, err := db.BeginTx(t.Context(), nil)
	ok(t, err)
	exec(t, tx, "UPDATE `rows` SET `v` = 1")
	began := time.Now()
	refused(t, execute(db, "UPDATE `rows` SET `v` = 2"), 1205)
	if waited := time.Since(began); waited < 1900*time.Millisecond || waited > 4*time.Second {
		t.Errorf("waited %s, want about 2 s", waited)
	}
	ok(t, tx.Commit())
	exec(t, db, "UPDATE `rows` SET `v` = 3")
	equal(t, number(t, db, "SELECT `v` FROM `rows`"), 3)
}

func TestLostConnectionFreesItsLocks(t *testing.T) {
	db := open(t)
	exec(t, db, "CREATE TABLE `rows` (`id` INT PRIMARY KEY)")
	ctx, cancel := context.WithCancel(t.Context())
	tx, err := db.BeginTx(ctx, nil)
	ok(t, err)
	exec(t, tx, "INSERT INTO `rows` VALUES (1)")
	cancel()
	exec(t, db, "INSERT INTO `rows` VALUES (1)")
	equal(t, number(t, db, "SELECT COUNT(*) FROM `rows`"), 1)
}

func TestNamedLockHoldsNobodyUp(t *testing.T) {
	db := open(t)
	exec(t, db, "CREATE TABLE `rows` (`id` INT PRIMARY KEY)")
	holder, err := db.Conn(t.Context())
	ok(t, err)
	defer holder.Close()
	equal(t, number(t, holder, "SELECT GET_LOCK('conformance', 0)"), 1)
	waits := make(chan int64)
	go func() { waits <- number(t, db, "SELECT GET_LOCK('conformance', 10)") }()
	time.Sleep(50 * time.Millisecond)
	exec(t, holder, "INSERT INTO `rows` VALUES (1)")
	equal(t, number(t, holder, "SELECT RELEASE_LOCK('conformance')"), 1)
	equal(t, <-waits, 1)
}

func TestClaimsAreExclusive(t *testing.T) {
	db := open(t)
	exec(t, db, "CREATE TABLE `jobs` (`id` INT PRIMARY KEY, `worker` INT NULL)")
	for id := range 40 {
		exec(t, db, "INSERT INTO `jobs` VALUES (?, NULL)", id)
	}
	var mu sync.Mutex
	claims := map[int64]int{}
	atOnce(4, func(worker int) {
		for range 10 {
			inTx(t, db, func(tx *sql.Tx) {
				id := number(t, tx, "SELECT `id` FROM `jobs` WHERE `worker` IS NULL ORDER BY `id` LIMIT 1 FOR UPDATE SKIP LOCKED")
				exec(t, tx, "UPDATE `jobs` SET `worker` = ? WHERE `id` = ?", worker, id)
				mu.Lock()
				defer mu.Unlock()
				claims[id]++
			})
		}
	})
	equal(t, int64(len(claims)), 40)
}

func TestRefusalsHaveTheirNumbers(t *testing.T) {
	db := open(t)
	exec(t, db, "CREATE TABLE `parents` (`id` INT PRIMARY KEY)")
	exec(t, db, "CREATE TABLE `rows` (`id` INT PRIMARY KEY, `name` VARCHAR(3), `state` VARCHAR(9), `parent` INT NULL,"+
		" UNIQUE KEY `u` (`name`), CONSTRAINT `c` CHECK (`state` IN ('new', 'old')), CONSTRAINT `f` FOREIGN KEY (`parent`) REFERENCES `parents` (`id`))")
	exec(t, db, "INSERT INTO `rows` VALUES (1, 'a', 'new', NULL)")
	refused(t, execute(db, "INSERT INTO `rows` VALUES (1, 'b', 'new', NULL)"), 1062)
	refused(t, execute(db, "INSERT INTO `rows` VALUES (2, 'a', 'new', NULL)"), 1062)
	refused(t, execute(db, "INSERT INTO `rows` VALUES (2, 'abcd', 'new', NULL)"), 1406)
	refused(t, execute(db, "INSERT INTO `rows` VALUES (2, 'b', 'bad', NULL)"), 3819, 4025)
	refused(t, execute(db, "INSERT INTO `rows` VALUES (2, 'b', 'new', 7)"), 1452)
	refused(t, execute(db, "INSERT INTO `rows` (`name`) VALUES (NULL)"), 1364)
	refused(t, execute(db, "SELECT `x` FROM `rows`"), 1054)
	refused(t, execute(db, "SELECT * FROM `nothing`"), 1146)
	refused(t, execute(db, "SELEC 1"), 1064)
	tx, err := db.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	ok(t, err)
	refused(t, execute(tx, "DELETE FROM `rows`"), 1792)
	ok(t, tx.Rollback())
}

type handle interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func execute(db handle, query string, args ...any) error {
	_, err := db.ExecContext(context.Background(), query, args...)
	return err
}

func exec(t *testing.T, db handle, query string, args ...any) {
	t.Helper()
	if err := execute(db, query, args...); err != nil {
		t.Errorf("%s: %v", query, err)
	}
}

func number(t *testing.T, db handle, query string) (n int64) {
	t.Helper()
	if err := db.QueryRowContext(context.Background(), query).Scan(&n); err != nil {
		t.Errorf("%s: %v", query, err)
	}
	return n
}

func inTx(t *testing.T, db *sql.DB, do func(tx *sql.Tx)) {
	t.Helper()
	tx, err := db.BeginTx(context.Background(), nil)
	ok(t, err)
	do(tx)
	ok(t, tx.Commit())
}

// atOnce runs do n times at the same time, and waits.
func atOnce(n int, do func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

func refused(t *testing.T, err error, want ...uint16) {
	t.Helper()
	var answer *mysql.MySQLError
	if !errors.As(err, &answer) {
		t.Errorf("got %v, want one of %v", err, want)
		return
	}
	for _, number := range want {
		if answer.Number == number {
			return
		}
	}
	t.Errorf("got %v, want one of %v", err, want)
}

func equal(t *testing.T, got, want int64) {
	t.Helper()
	if got != want {
		t.Errorf("got %d, want %d", got, want)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}
