package certificates_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"create-service/templates/components/tls/platform/certificates"
	"create-service/templates/components/tls/platform/certtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// party is a service with certificates that follow the files of its directory, until the test ends.
type party struct {
	*certificates.Certificates
	dir      string
	registry *prometheus.Registry
	log      *lockedBuffer
}

// config holds the defaults, but that it looks for changes often.
func config(dir string) certificates.Config {
	return certificates.Config{Mode: "mutual", Dir: dir, ReloadInterval: 10 * time.Millisecond, ExpiryWarning: 14 * 24 * time.Hour}
}

func join(t testing.TB, authority *certtest.Authority, leaf certtest.Leaf, change ...func(*certificates.Config)) *party {
	t.Helper()
	p := &party{dir: t.TempDir(), registry: prometheus.NewRegistry(), log: &lockedBuffer{}}
	p.replace(t, authority, leaf)
	cfg := config(p.dir)
	for _, edit := range change {
		edit(&cfg)
	}
	var err error
	p.Certificates, err = certificates.Open(t.Context(), cfg, certificates.Deps{
		Log: slog.New(slog.NewTextHandler(p.log, nil)), Registry: p.registry,
	})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	return p
}

// replace writes other files, which are not in use yet.
func (p *party) replace(t testing.TB, authority *certtest.Authority, leaf certtest.Leaf) {
	t.Helper()
	require.NoError(t, issue(t, authority, leaf).Write(p.dir))
}

// change replaces the files and waits until they are in use.
func (p *party) change(t testing.TB, authority *certtest.Authority, leaf certtest.Leaf) {
	t.Helper()
	before := p.metric(t, `tls_reloads_total{outcome="changed"}`)
	p.replace(t, authority, leaf)
	require.Eventually(t, func() bool { return p.metric(t, `tls_reloads_total{outcome="changed"}`) > before }, 10*time.Second, time.Millisecond)
}

// metric is the value of a metric, of which there must be one with this name and label.
func (p *party) metric(t testing.TB, which string) float64 {
	t.Helper()
	name, label, _ := strings.Cut(strings.TrimSuffix(which, `"}`), "{")
	_, value, _ := strings.Cut(label, `="`)
	families, err := p.registry.Gather()
	require.NoError(t, err)
	for _, family := range families {
		for _, one := range family.GetMetric() {
			if family.GetName() == name && one.GetLabel()[0].GetValue() == value {
				return one.GetCounter().GetValue() + one.GetGauge().GetValue()
			}
		}
	}
	t.Fatalf("there is no metric %s", which)
	return 0
}

func newAuthority(t testing.TB) *certtest.Authority {
	t.Helper()
	authority, err := certtest.New("authority")
	require.NoError(t, err)
	return authority
}

func issue(t testing.TB, authority *certtest.Authority, leaf certtest.Leaf) certtest.Files {
	t.Helper()
	files, err := authority.Issue(leaf)
	require.NoError(t, err)
	return files
}

// clientOf is a client with a certificate of the authority, which trusts it.
func clientOf(t testing.TB, authority *certtest.Authority, leaf certtest.Leaf) *tls.Config {
	t.Helper()
	cfg, err := issue(t, authority, leaf).ClientConfig()
	require.NoError(t, err)
	return cfg
}

// serve accepts connections and sends a byte on each, until the test ends. It returns the address with the name localhost.
func (p *party) serve(t testing.TB) string {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", p.Server())
	require.NoError(t, err)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				_, _ = conn.Write([]byte{1})
				_ = conn.Close()
			})
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		all.Wait()
	})
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	return "localhost:" + port
}

// connect makes a connection and waits for the server's byte: a client hears that it is refused only after its own
// handshake.
func connect(t testing.TB, addr string, cfg *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	conn, err := (&tls.Dialer{Config: cfg}).DialContext(context.Background(), "tcp", addr)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer func() { _ = conn.Close() }()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	_, err = conn.Read(make([]byte, 1))
	return conn.(*tls.Conn).ConnectionState(), err
}

// lockedBuffer is a log that may be written while a test reads it.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
