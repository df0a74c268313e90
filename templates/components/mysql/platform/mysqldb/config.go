package mysqldb

import (
	"crypto/tls"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/go-sql-driver/mysql"

	"create-service/templates/service/platform/config"
	"create-service/templates/service/platform/tlsclient"
)

// Config says where the database is and what a call to it may take.
type Config struct {
	// Addr is the server's host and port.
	Addr string `env:"MYSQL_ADDR" envDefault:"127.0.0.1:3306"`
	// Database is the name of the schema that holds the service's tables.
	Database string `env:"MYSQL_DATABASE,required"`
	// User is the account of the server. The migration runs as another one, which may change tables; this one should not.
	User string `env:"MYSQL_USER,required"`
	// Password is the account's password.
	Password config.Secret `env:"MYSQL_PASSWORD" secret:"true"`
	// TLS is off, preferred (encrypted when the server can, without proof of who it is: what MySQL's own clients do) or
	// verify (encrypted, and the server's certificate must be valid for the host of MYSQL_ADDR).
	TLS string `env:"MYSQL_TLS" envDefault:"preferred"`
	// TLSCAFile is a PEM file with the authorities to trust when MYSQL_TLS is verify. Empty: those of the system.
	TLSCAFile string `env:"MYSQL_TLS_CA_FILE"`
	// PoolSize is how many connections one process keeps, open and idle alike: a burst then neither opens nor closes any.
	// Times the highest number of replicas (with surge) it must stay below the server's max_connections.
	PoolSize int `env:"MYSQL_POOL_SIZE" envDefault:"20" min:"1" max:"1000"`
	// ConnectionLifetime closes connections of that age, so that a failover or a new address is noticed.
	ConnectionLifetime time.Duration `env:"MYSQL_CONNECTION_LIFETIME" envDefault:"5m" min:"1s" max:"1h"`
	// ConnectionIdleTime closes connections that were unused for so long, below the idle limits of servers and proxies.
	ConnectionIdleTime time.Duration `env:"MYSQL_CONNECTION_IDLE_TIME" envDefault:"2m" min:"1s" max:"1h"`
	// ConnectTimeout bounds TCP, TLS, login and session set-up together.
	ConnectTimeout time.Duration `env:"MYSQL_CONNECT_TIMEOUT" envDefault:"2s" min:"100ms" max:"1m"`
	// ReadTimeout bounds one wait for the server's answer. It is what ends a COMMIT that is never answered, so it must be
	// longer than the statement limit.
	ReadTimeout time.Duration `env:"MYSQL_READ_TIMEOUT" envDefault:"10s" min:"1s" max:"5m"`
	// WriteTimeout bounds one write to the server.
	WriteTimeout time.Duration `env:"MYSQL_WRITE_TIMEOUT" envDefault:"10s" min:"1s" max:"5m"`
	// StatementTimeout bounds one statement, reading its rows included.
	StatementTimeout time.Duration `env:"MYSQL_STATEMENT_TIMEOUT" envDefault:"5s" min:"100ms" max:"5m"`
	// LockWaitTimeout bounds the wait for another transaction's row lock, in whole seconds. It must be shorter than the
	// statement limit: a refused lock (error 1205) is retried, a statement that ran out of time costs its connection.
	LockWaitTimeout time.Duration `env:"MYSQL_LOCK_WAIT_TIMEOUT" envDefault:"3s" min:"1s" max:"1m"`
	// DDLLockWaitTimeout bounds how long a migration waits for a table that is in use, in whole seconds. While an ALTER
	// TABLE waits, every later query of that table waits behind it, so this is an outage's longest duration.
	DDLLockWaitTimeout time.Duration `env:"MYSQL_DDL_LOCK_WAIT_TIMEOUT" envDefault:"10s" min:"1s" max:"5m"`
	// OnceKeyRetention is how long a repeated request gets the first one's answer.
	OnceKeyRetention time.Duration `env:"MYSQL_ONCE_KEY_RETENTION" envDefault:"24h" min:"1m"`
}

// Validate checks what concerns more than one key. Each problem begins with its key.
func (c Config) Validate() error {
	return errors.Join(c.checkTLS(), c.checkTimeouts())
}

func (c Config) checkTLS() error {
	switch c.TLS {
	case "off", "preferred", "verify":
	default:
		return fmt.Errorf("MYSQL_TLS must be off, preferred or verify, not %q", c.TLS)
	}
	if c.TLSCAFile != "" && c.TLS != "verify" {
		return errors.New("MYSQL_TLS_CA_FILE has no effect unless MYSQL_TLS is verify")
	}
	return nil
}

func (c Config) checkTimeouts() error {
	var problems []error
	if c.LockWaitTimeout%time.Second != 0 {
		problems = append(problems, errors.New("MYSQL_LOCK_WAIT_TIMEOUT must be whole seconds"))
	}
	if c.DDLLockWaitTimeout%time.Second != 0 {
		problems = append(problems, errors.New("MYSQL_DDL_LOCK_WAIT_TIMEOUT must be whole seconds"))
	}
	if c.LockWaitTimeout >= c.StatementTimeout {
		problems = append(problems, errors.New("MYSQL_LOCK_WAIT_TIMEOUT must be shorter than MYSQL_STATEMENT_TIMEOUT"))
	}
	if c.StatementTimeout > c.ReadTimeout {
		problems = append(problems, errors.New("MYSQL_STATEMENT_TIMEOUT must not be longer than MYSQL_READ_TIMEOUT"))
	}
	return errors.Join(problems...)
}

// strictMode is the default sql_mode of MySQL 8.0; MariaDB and changed servers differ, and a session that truncates
// silently is not one to write with.
const strictMode = "'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE," +
	"ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'"

// collation is one that MySQL 8 and MariaDB 10.6 both have. It only decides comparisons of two literals: a column's own
// collation wins over it.
const collation = "utf8mb4_unicode_ci"

func (c Config) driverConfig() (*mysql.Config, error) {
	encryption, err := c.tlsConfig()
	if err != nil {
		return nil, err
	}
	d := mysql.NewConfig()
	d.Net = "tcp"
	d.Addr = c.Addr
	d.DBName = c.Database
	d.User = c.User
	d.Passwd = c.Password.Reveal()
	d.TLS = encryption
	if c.TLS == "preferred" {
		d.TLSConfig = "preferred"
	}
	d.Timeout = c.ConnectTimeout
	d.ReadTimeout = c.ReadTimeout
	d.WriteTimeout = c.WriteTimeout
	d.Loc = time.UTC
	d.ParseTime = true
	d.Collation = collation
	// An UPDATE that changes nothing then still counts the row that it matched.
	d.ClientFoundRows = true
	// One round trip for a statement with arguments instead of three (prepare, execute, close), and no statements left
	// on the server. The driver escapes as the session's sql_mode asks; it refuses character sets where that is unsafe.
	d.InterpolateParams = true
	// A connection to a server that became a replica is dropped, so that the pool finds the new primary.
	d.RejectReadOnly = true
	// Every error that the driver would log it also returns.
	d.Logger = &mysql.NopLogger{}
	d.Params = map[string]string{
		"time_zone":                "'+00:00'",
		"sql_mode":                 strictMode,
		"innodb_lock_wait_timeout": seconds(c.LockWaitTimeout),
	}
	return d, nil
}

func (c Config) tlsConfig() (*tls.Config, error) {
	if c.TLS != "verify" {
		return nil, nil
	}
	return tlsclient.Config("MYSQL_TLS_CA_FILE", c.TLSCAFile)
}

func seconds(d time.Duration) string {
	return strconv.Itoa(int(d / time.Second))
}
