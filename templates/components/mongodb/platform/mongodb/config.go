package mongodb

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"create-service/templates/service/platform/config"
	"create-service/templates/service/platform/tlsclient"
)

// Config says where the database is and what a call to it may take.
type Config struct {
	// URI names the servers, "mongodb://host:27017/?replicaSet=rs0" or "mongodb+srv://host/", without an account: that has
	// keys of its own. Concerns and limits that it sets are overruled by those of this configuration.
	URI string `env:"MONGODB_URI" envDefault:"mongodb://127.0.0.1:27017/"`
	// Database is the name of the database that holds the service's collections.
	Database string `env:"MONGODB_DATABASE,required"`
	// User is the account. The migration runs as another one, which may make indexes; this one should not. Empty: none,
	// for servers without accounts.
	User string `env:"MONGODB_USER"`
	// Password is the account's password.
	Password config.Secret `env:"MONGODB_PASSWORD" secret:"true"`
	// AuthSource is the database that knows the account. Empty: the service's own.
	AuthSource string `env:"MONGODB_AUTH_SOURCE"`
	// TLS is off, or verify: encrypted, and the servers' certificates must be valid for their hosts.
	TLS string `env:"MONGODB_TLS" envDefault:"off"`
	// TLSCAFile is a PEM file with the authorities to trust when MONGODB_TLS is verify. Empty: those of the system.
	TLSCAFile string `env:"MONGODB_TLS_CA_FILE"`
	// PoolSize is how many connections one process opens to each server at most.
	PoolSize int `env:"MONGODB_POOL_SIZE" envDefault:"50" min:"1" max:"1000"`
	// ConnectionIdleTime closes connections that were unused for so long, below the idle limits of proxies.
	ConnectionIdleTime time.Duration `env:"MONGODB_CONNECTION_IDLE_TIME" envDefault:"2m" min:"1s" max:"1h"`
	// ConnectTimeout bounds TCP, TLS and login together.
	ConnectTimeout time.Duration `env:"MONGODB_CONNECT_TIMEOUT" envDefault:"2s" min:"100ms" max:"1m"`
	// ServerSelectionTimeout bounds the wait for a server that can do what is asked, such as a new primary.
	ServerSelectionTimeout time.Duration `env:"MONGODB_SERVER_SELECTION_TIMEOUT" envDefault:"3s" min:"100ms" max:"1m"`
	// OperationTimeout bounds one operation, the selection of its server and a retry of the driver included.
	OperationTimeout time.Duration `env:"MONGODB_OPERATION_TIMEOUT" envDefault:"5s" min:"100ms" max:"5m"`
	// OnceKeyRetention is how long a repeated request gets the first one's answer.
	OnceKeyRetention time.Duration `env:"MONGODB_ONCE_KEY_RETENTION" envDefault:"24h" min:"1m"`
}

// Validate checks what concerns more than one key. Each problem begins with its key.
func (c Config) Validate() error {
	return errors.Join(c.checkURI(), c.checkTLS(), c.checkTimeouts())
}

// checkURI repeats nothing of the URI: whatever is wrong with it, it may hold a password.
func (c Config) checkURI() error {
	uri, err := url.Parse(c.URI)
	if err != nil || uri.Host == "" || (uri.Scheme != "mongodb" && uri.Scheme != "mongodb+srv") {
		return errors.New("MONGODB_URI is not a URI such as mongodb://host:27017/")
	}
	if uri.User != nil {
		return errors.New("MONGODB_URI must not hold an account: MONGODB_USER and MONGODB_PASSWORD do")
	}
	if uri.Scheme == "mongodb+srv" {
		return nil // reading it asks the name server
	}
	if err := options.Client().ApplyURI(c.URI).Validate(); err != nil {
		return fmt.Errorf("MONGODB_URI: %w", err)
	}
	return nil
}

func (c Config) checkTLS() error {
	switch c.TLS {
	case "off", "verify":
	default:
		return fmt.Errorf("MONGODB_TLS must be off or verify, not %q", c.TLS)
	}
	if c.TLSCAFile != "" && c.TLS != "verify" {
		return errors.New("MONGODB_TLS_CA_FILE has no effect unless MONGODB_TLS is verify")
	}
	return nil
}

func (c Config) checkTimeouts() error {
	if c.ServerSelectionTimeout > c.OperationTimeout {
		return errors.New("MONGODB_SERVER_SELECTION_TIMEOUT must not be longer than MONGODB_OPERATION_TIMEOUT")
	}
	return nil
}

// clientOptions are those of every connection: what was written must survive the loss of a primary, and what is read
// must not be taken back by one.
func (c Config) clientOptions(registry *bson.Registry) (*options.ClientOptions, error) {
	o := options.Client().ApplyURI(c.URI).
		SetAppName(c.Database).
		SetRegistry(registry).
		SetWriteConcern(writeconcern.Majority()).
		SetReadConcern(readconcern.Majority()).
		SetReadPreference(readpref.Primary()).
		SetMaxPoolSize(uint64(c.PoolSize)).
		SetMaxConnIdleTime(c.ConnectionIdleTime).
		SetConnectTimeout(c.ConnectTimeout).
		SetServerSelectionTimeout(c.ServerSelectionTimeout)
	if c.User != "" {
		o.SetAuth(options.Credential{Username: c.User, Password: c.Password.Reveal(), PasswordSet: true, AuthSource: c.authSource()})
	}
	encryption, err := c.tlsConfig()
	if err != nil {
		return nil, err
	}
	if encryption != nil {
		o.SetTLSConfig(encryption)
	}
	if err := o.Validate(); err != nil {
		return nil, fmt.Errorf("mongodb: %w", err)
	}
	return o, nil
}

func (c Config) authSource() string {
	if c.AuthSource == "" {
		return c.Database
	}
	return c.AuthSource
}

func (c Config) tlsConfig() (*tls.Config, error) {
	if c.TLS != "verify" {
		return nil, nil
	}
	return tlsclient.Config("MONGODB_TLS_CA_FILE", c.TLSCAFile)
}
