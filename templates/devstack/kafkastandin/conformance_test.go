package kafkastandin_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"create-service/templates/devstack/kafkastandin"
)

// What a service relies on must hold for the stand-in as for Kafka: with TEST_KAFKA_BROKERS the tests run against that
// server. They keep an update of kfake from breaking a promise unseen.

const limit = 30 * time.Second

// brokers returns the server under test.
func brokers(t *testing.T) string {
	t.Helper()
	if addr := os.Getenv("TEST_KAFKA_BROKERS"); addr != "" {
		return addr
	}
	server, err := kafkastandin.Start(t.Context(), kafkastandin.Flags(flag.NewFlagSet("test", flag.ContinueOnError)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	addr, found := strings.CutPrefix(server.Environment()[0], "KAFKA_BROKERS=")
	if !found {
		t.Fatalf("environment %v", server.Environment())
	}
	return addr
}

func connect(t *testing.T, addr string, options ...kgo.Opt) *kgo.Client {
	t.Helper()
	connection, err := kgo.NewClient(append(options, kgo.SeedBrokers(addr))...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(connection.CloseAllowingRebalance)
	return connection
}

// topic returns the name of a new topic.
func topic(t *testing.T, addr string, partitions int32) string {
	t.Helper()
	name := fmt.Sprintf("conformance-%d", time.Now().UnixNano())
	admin := kadm.NewClient(connect(t, addr))
	if _, err := admin.CreateTopic(t.Context(), partitions, 1, nil, name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = admin.DeleteTopics(context.WithoutCancel(t.Context()), name) })
	return name
}

func produce(t *testing.T, connection *kgo.Client, records ...*kgo.Record) {
	t.Helper()
	if err := connection.ProduceSync(t.Context(), records...).FirstErr(); err != nil {
		t.Fatal(err)
	}
}

func TestRecordsOfAKeyKeepTheirOrder(t *testing.T) {
	addr := brokers(t)
	name := topic(t, addr, 3)
	producer := connect(t, addr, kgo.RequiredAcks(kgo.AllISRAcks()))
	for n := range 100 {
		produce(t, producer, &kgo.Record{Topic: name, Key: []byte(strconv.Itoa(n % 7)), Value: []byte(fmt.Sprintf("%03d", n))})
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	consumer := connect(t, addr, kgo.ConsumeTopics(name))
	last, read := map[string]string{}, 0
	for read < 100 {
		fetches := consumer.PollFetches(ctx)
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		fetches.EachRecord(func(r *kgo.Record) {
			if key, value := string(r.Key), string(r.Value); value <= last[key] {
				t.Errorf("%s of key %s comes after %s", value, key, last[key])
			} else {
				last[key] = value
			}
			read++
		})
	}
}

func TestTopicsAreNotCreatedByUse(t *testing.T) {
	addr := brokers(t)
	producer := connect(t, addr, kgo.UnknownTopicRetries(1))
	err := producer.ProduceSync(t.Context(), &kgo.Record{Topic: "conformance-nowhere", Value: []byte("x")}).FirstErr()
	if !errors.Is(err, kerr.UnknownTopicOrPartition) {
		t.Errorf("error %v, want %v", err, kerr.UnknownTopicOrPartition)
	}
}

func TestAnotherMemberGoesOnWhereTheFirstCommitted(t *testing.T) {
	addr := brokers(t)
	name := topic(t, addr, 1)
	producer := connect(t, addr)
	for n := range 10 {
		produce(t, producer, &kgo.Record{Topic: name, Value: []byte(strconv.Itoa(n))})
	}
	for from := range 2 {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		member := connect(t, addr, kgo.ConsumerGroup(name), kgo.ConsumeTopics(name), kgo.DisableAutoCommit(),
			kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.Balancers(kgo.CooperativeStickyBalancer()))
		fetches := member.PollRecords(ctx, 5)
		if err := fetches.Err(); err != nil {
			t.Fatal(err)
		}
		first := fetches.Records()[0]
		if want := strconv.Itoa(from * 5); string(first.Value) != want {
			t.Errorf("member %d begins with %s, want %s", from, first.Value, want)
		}
		if err := member.CommitRecords(ctx, fetches.Records()...); err != nil {
			t.Fatal(err)
		}
		if err := member.LeaveGroupContext(ctx); err != nil {
			t.Fatal(err)
		}
		cancel()
	}
}

func TestAbortedRecordsAreNotReadCommitted(t *testing.T) {
	addr := brokers(t)
	name := topic(t, addr, 1)
	producer := connect(t, addr, kgo.TransactionalID(name))
	for _, end := range []kgo.TransactionEndTry{kgo.TryAbort, kgo.TryCommit} {
		if err := producer.BeginTransaction(); err != nil {
			t.Fatal(err)
		}
		produce(t, producer, &kgo.Record{Topic: name, Value: fmt.Append(nil, bool(end))})
		if err := producer.EndTransaction(t.Context(), end); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	fetches := connect(t, addr, kgo.ConsumeTopics(name), kgo.FetchIsolationLevel(kgo.ReadCommitted())).PollFetches(ctx)
	if records := fetches.Records(); len(records) != 1 || string(records[0].Value) != "true" {
		t.Errorf("read %v (%v), want the committed record", records, fetches.Err())
	}
}

func TestAddressIsTaken(t *testing.T) {
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	flags := flag.NewFlagSet("test", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	cfg := kafkastandin.Flags(flags)
	if err := flags.Parse([]string{"-kafka-addr", listener.Addr().String()}); err != nil {
		t.Fatal(err)
	}
	if server, err := kafkastandin.Start(t.Context(), cfg); err == nil {
		t.Errorf("started at an address that is in use: %v", errors.Join(server.Close()))
	}
}
