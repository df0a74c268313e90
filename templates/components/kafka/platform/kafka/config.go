package kafka

import (
	"crypto/tls"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"

	"create-service/templates/service/platform/config"
	"create-service/templates/service/platform/tlsclient"
)

// Config says where the cluster is and what sending and handling a record may take.
type Config struct {
	// Brokers are host and port of the brokers to ask first, separated by commas; they name the others.
	Brokers []string `env:"KAFKA_BROKERS" envDefault:"127.0.0.1:9092"`
	// ClientID tells the brokers who asks, for their logs and quotas. Empty: the service's name.
	ClientID string `env:"KAFKA_CLIENT_ID"`
	// TopicPrefix is put before the name of every topic and group, the service's own and others', so that several
	// environments can share a cluster.
	TopicPrefix string `env:"KAFKA_TOPIC_PREFIX"`
	// TLS is off, or verify: encrypted, and each broker's certificate must be valid for its host.
	TLS string `env:"KAFKA_TLS" envDefault:"off"`
	// TLSCAFile is a PEM file with the authorities to trust when KAFKA_TLS is verify. Empty: those of the system.
	TLSCAFile string `env:"KAFKA_TLS_CA_FILE"`
	// SASL is how the service logs in: none, plain, scram-sha-256 or scram-sha-512.
	SASL string `env:"KAFKA_SASL" envDefault:"none"`
	// User is the account of the cluster, unless KAFKA_SASL is none.
	User string `env:"KAFKA_USER"`
	// Password is the account's password.
	Password config.Secret `env:"KAFKA_PASSWORD" secret:"true"`
	// ConnectTimeout bounds TCP and TLS together.
	ConnectTimeout time.Duration `env:"KAFKA_CONNECT_TIMEOUT" envDefault:"2s" min:"100ms" max:"1m"`
	// RequestTimeout bounds one request to a broker, beyond what the request itself says that it may wait.
	RequestTimeout time.Duration `env:"KAFKA_REQUEST_TIMEOUT" envDefault:"5s" min:"100ms" max:"5m"`
	// DeliveryTimeout bounds sending one record with all its repetitions. It must be shorter than OUTBOX_SEND_TIMEOUT, so
	// that the relay learns what became of its batch.
	DeliveryTimeout time.Duration `env:"KAFKA_DELIVERY_TIMEOUT" envDefault:"8s" min:"1s" max:"5m"`
	// MaxMessageBytes is the most that key, value and headers of an event may have together. A larger one is not sent.
	MaxMessageBytes int `env:"KAFKA_MAX_MESSAGE_BYTES" envDefault:"1000000" min:"1024" max:"100000000"`
	// BufferBytes is how much may wait to be sent; sending more waits for room.
	BufferBytes int `env:"KAFKA_BUFFER_BYTES" envDefault:"33554432" min:"1048576"`
	// BatchRecords is how many records a consumer takes in hand at once.
	BatchRecords int `env:"KAFKA_BATCH_RECORDS" envDefault:"200" min:"1" max:"10000"`
	// FetchBytes is the most that one fetch of a consumer brings from a broker.
	FetchBytes int `env:"KAFKA_FETCH_BYTES" envDefault:"8388608" min:"1048576" max:"104857600"`
	// Concurrency is how many partitions a consumer handles at once. The records of one partition are handled one by one.
	Concurrency int `env:"KAFKA_CONCURRENCY" envDefault:"8" min:"1" max:"256"`
	// HandlerTimeout bounds the handling of one record. It is shorter than SHUTDOWN_DRAIN, so that a shutdown finishes
	// what is in hand.
	HandlerTimeout time.Duration `env:"KAFKA_HANDLER_TIMEOUT" envDefault:"20s" min:"100ms" max:"10m"`
	// HandlerRetries is how often a record whose handling failed for an unknown reason is tried again before it becomes a
	// dead letter. What cannot be reached is tried for ever, what is refused is not tried again.
	HandlerRetries int `env:"KAFKA_HANDLER_RETRIES" envDefault:"5" min:"0" max:"100"`
	// RetryBackoff is the longest rest before the first repetition; each further one may be twice as long.
	RetryBackoff time.Duration `env:"KAFKA_RETRY_BACKOFF" envDefault:"200ms" min:"1ms" max:"1m"`
	// MaxRetryBackoff is the longest rest before any repetition.
	MaxRetryBackoff time.Duration `env:"KAFKA_MAX_RETRY_BACKOFF" envDefault:"30s" min:"1ms" max:"10m"`
	// SessionTimeout is how long a consumer may be silent before the group gives its partitions to others.
	SessionTimeout time.Duration `env:"KAFKA_SESSION_TIMEOUT" envDefault:"45s" min:"1s" max:"5m"`
	// RebalanceTimeout is how long a consumer may take to finish what it has in hand when the group divides the
	// partitions anew.
	RebalanceTimeout time.Duration `env:"KAFKA_REBALANCE_TIMEOUT" envDefault:"60s" min:"1s" max:"30m"`
	// LagInterval is the time between two looks at how far a consumer is behind.
	LagInterval time.Duration `env:"KAFKA_LAG_INTERVAL" envDefault:"15s" min:"100ms" max:"10m"`
	// Replication is how many brokers keep each topic that the topics command creates. From 3 on, an event counts as sent
	// once two of them have it.
	Replication int `env:"KAFKA_TOPIC_REPLICATION" envDefault:"3" min:"1" max:"32"`
}

// Validate checks what concerns more than one key. Each problem begins with its key.
func (c Config) Validate() error {
	return errors.Join(c.checkNames(), c.checkTLS(), c.checkSASL(), c.checkLimits())
}

func (c Config) checkNames() error {
	if !regexp.MustCompile(`^[A-Za-z0-9._-]{0,100}$`).MatchString(c.TopicPrefix) {
		return errors.New("KAFKA_TOPIC_PREFIX must have at most 100 letters, digits, dots, dashes and underscores")
	}
	return nil
}

func (c Config) checkTLS() error {
	if c.TLS != "off" && c.TLS != "verify" {
		return fmt.Errorf("KAFKA_TLS must be off or verify, not %q", c.TLS)
	}
	if c.TLSCAFile != "" && c.TLS != "verify" {
		return errors.New("KAFKA_TLS_CA_FILE has no effect unless KAFKA_TLS is verify")
	}
	return nil
}

func (c Config) checkSASL() error {
	switch c.SASL {
	case "none":
		if c.User != "" || c.Password != "" {
			return errors.New("KAFKA_SASL must not be none when KAFKA_USER or KAFKA_PASSWORD is set")
		}
		return nil
	case "plain", "scram-sha-256", "scram-sha-512":
	default:
		return fmt.Errorf("KAFKA_SASL must be none, plain, scram-sha-256 or scram-sha-512, not %q", c.SASL)
	}
	if c.User == "" || c.Password == "" {
		return fmt.Errorf("KAFKA_SASL %s needs KAFKA_USER and KAFKA_PASSWORD", c.SASL)
	}
	if c.SASL == "plain" && c.TLS == "off" {
		return errors.New("KAFKA_SASL plain sends the password as it is, and so needs KAFKA_TLS verify")
	}
	return nil
}

func (c Config) checkLimits() error {
	var problems []error
	if c.MaxMessageBytes > c.BufferBytes {
		problems = append(problems, errors.New("KAFKA_MAX_MESSAGE_BYTES must not be more than KAFKA_BUFFER_BYTES"))
	}
	if c.HandlerTimeout+batchTime >= c.RebalanceTimeout {
		problems = append(problems, fmt.Errorf("KAFKA_REBALANCE_TIMEOUT must be more than KAFKA_HANDLER_TIMEOUT and the %s of a batch together", batchTime))
	}
	if c.RetryBackoff > c.MaxRetryBackoff {
		problems = append(problems, errors.New("KAFKA_RETRY_BACKOFF must not be longer than KAFKA_MAX_RETRY_BACKOFF"))
	}
	return errors.Join(problems...)
}

// headroom is what a record may have beyond the largest event: the headers with which it becomes a dead letter.
const headroom = 64 << 10

// clientOptions are those of every connection to the cluster.
func (c Config) clientOptions(service string) ([]kgo.Opt, error) {
	id := c.ClientID
	if id == "" {
		id = service
	}
	options := []kgo.Opt{
		kgo.SeedBrokers(c.Brokers...),
		kgo.ClientID(id),
		kgo.DialTimeout(c.ConnectTimeout),
		kgo.RequestTimeoutOverhead(c.RequestTimeout),
		kgo.DisableClientMetrics(),
	}
	encryption, err := c.tlsConfig()
	if err != nil {
		return nil, err
	}
	if encryption != nil {
		options = append(options, kgo.DialTLSConfig(encryption))
	}
	return append(options, c.login()...), nil
}

func (c Config) tlsConfig() (*tls.Config, error) {
	if c.TLS != "verify" {
		return nil, nil
	}
	return tlsclient.Config("KAFKA_TLS_CA_FILE", c.TLSCAFile)
}

func (c Config) login() []kgo.Opt {
	switch c.SASL {
	case "plain":
		return []kgo.Opt{kgo.SASL(plain.Auth{User: c.User, Pass: c.Password.Reveal()}.AsMechanism())}
	case "scram-sha-256":
		return []kgo.Opt{kgo.SASL(scram.Auth{User: c.User, Pass: c.Password.Reveal()}.AsSha256Mechanism())}
	case "scram-sha-512":
		return []kgo.Opt{kgo.SASL(scram.Auth{User: c.User, Pass: c.Password.Reveal()}.AsSha512Mechanism())}
	default:
		return nil
	}
}

// producerOptions make what is acknowledged durable, and each record arrive once and in order however often the client
// repeats a request.
func (c Config) producerOptions() []kgo.Opt {
	return []kgo.Opt{
		kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.ProducerBatchMaxBytes(int32(c.MaxMessageBytes + headroom)),
		kgo.MaxBufferedBytes(c.BufferBytes),
		kgo.RecordDeliveryTimeout(c.DeliveryTimeout),
		kgo.ProduceRequestTimeout(c.RequestTimeout),
		// What is sent comes in batches already.
		kgo.ProducerLinger(0),
	}
}

// consumerOptions bound what is fetched. A group without an offset begins with the oldest record that there is: a new
// consumer that skipped what was there would miss it without anybody noticing.
func (c Config) consumerOptions(group, topic string) []kgo.Opt {
	return []kgo.Opt{
		kgo.ConsumerGroup(group),
		kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.Balancers(kgo.CooperativeStickyBalancer()),
		kgo.SessionTimeout(c.SessionTimeout),
		kgo.HeartbeatInterval(min(3*time.Second, c.SessionTimeout/3)),
		kgo.RebalanceTimeout(c.RebalanceTimeout),
		kgo.BlockRebalanceOnPoll(),
		kgo.DisableAutoCommit(),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		// The marks of others' transactions have offsets, too: unless they are committed, a group that has handled everything
		// is one behind.
		kgo.KeepControlRecords(),
		kgo.FetchMaxBytes(int32(c.FetchBytes)),
		kgo.FetchMaxPartitionBytes(1 << 20),
	}
}
