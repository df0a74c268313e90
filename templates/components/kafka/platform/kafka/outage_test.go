package kafka_test

import (
	"context"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"

	"create-service/templates/components/kafka/platform/kafka"
	"create-service/templates/components/kafka/platform/kafkatest"
	"create-service/templates/components/outbox/platform/relay"
)

// broker is one that can be away for a while, and has its records and offsets when it is back.
type broker struct {
	port    int
	dir     string
	cluster *kfake.Cluster
}

func newBroker(t *testing.T) *broker {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	b := &broker{dir: t.TempDir()}
	b.port, err = strconv.Atoi(port)
	require.NoError(t, err)
	b.start(t)
	t.Cleanup(func() { b.cluster.Close() })
	return b
}

func (b *broker) start(t *testing.T) {
	t.Helper()
	cluster, err := kfake.NewCluster(kfake.Ports(b.port), kfake.DataDir(b.dir), kfake.SyncWrites(), kfake.GroupMinSessionTimeout(time.Second))
	require.NoError(t, err)
	b.cluster = cluster
}

// TestOutageOfTheBrokers sends and consumes before, during and after an outage: nothing is lost, nothing is out of order.
func TestOutageOfTheBrokers(t *testing.T) {
	t.Parallel()
	b := newBroker(t)
	cfg, err := load("KAFKA_BROKERS=127.0.0.1:"+strconv.Itoa(b.port), "KAFKA_TOPIC_REPLICATION=1",
		"KAFKA_DELIVERY_TIMEOUT=1s", "KAFKA_REQUEST_TIMEOUT=1s", "KAFKA_LAG_INTERVAL=100ms")
	require.NoError(t, err)
	kafkatest.Create(t, cfg, kafka.Topic{Name: topic, Partitions: 1}, kafka.Topic{Name: deadLetters, Partitions: 1})
	client := open(t, cfg)
	var got seen
	consume(t, client, got.handle)
	require.Equal(t, []error{nil}, client.Send(t.Context(), []relay.Outgoing{outgoing("o-1", 1)}))
	eventually(t, "the event before the outage", func() bool { return len(got.all()) == 1 })

	b.cluster.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	require.Error(t, client.Check(ctx))
	began := time.Now()
	errs := client.Send(ctx, []relay.Outgoing{outgoing("o-1", 2), outgoing("o-1", 3)})
	require.Error(t, errs[0])
	require.Error(t, errs[1])
	require.NotErrorIs(t, errs[0], relay.ErrPermanent)
	require.Less(t, time.Since(began), 4*time.Second, "Send ends with its context")

	b.start(t)
	eventually(t, "the relay's next try", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		errs := client.Send(ctx, []relay.Outgoing{outgoing("o-1", 2), outgoing("o-1", 3)})
		return errs[0] == nil && errs[1] == nil
	})
	eventually(t, "the events after the outage", func() bool {
		all := got.all()
		return len(all) > 0 && all[len(all)-1].Version == 3
	})
	highest := int64(0)
	for _, e := range got.all() {
		require.LessOrEqual(t, e.Version, highest+1, "an event was left out")
		highest = max(highest, e.Version)
	}
}
