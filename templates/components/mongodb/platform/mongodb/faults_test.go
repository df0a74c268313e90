package mongodb_test

import (
	"bytes"
	"context"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"create-service/templates/components/mongodb/platform/mongodb"
	"create-service/templates/components/mongodb/platform/mongotest"
	"create-service/templates/service/kernel/fault"
	"create-service/templates/service/kernel/message"
	"create-service/templates/service/platform/config"
)

// deafness stands between a database and its server. A command that holds the text reaches the server once, and its answer
// does not arrive: the connection ends instead.
type deafness struct {
	listener net.Listener
	target   string
	text     atomic.Pointer[string]
}

func deafen(t *testing.T, uri string) *deafness {
	t.Helper()
	target, err := url.Parse(uri)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	d := &deafness{listener: listener, target: target.Host}
	go d.accept()
	return d
}

func (d *deafness) accept() {
	for {
		client, err := d.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", d.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		var deaf atomic.Bool
		go d.forward(client, server, &deaf)
		go answer(server, client, &deaf)
	}
}

func (d *deafness) forward(client, server net.Conn, deaf *atomic.Bool) {
	defer client.Close()
	defer server.Close()
	packet := make([]byte, 64<<10)
	for {
		n, err := client.Read(packet)
		if err != nil {
			return
		}
		if text := d.text.Load(); text != nil && bytes.Contains(packet[:n], []byte(*text)) && d.text.CompareAndSwap(text, nil) {
			deaf.Store(true)
		}
		if _, err := server.Write(packet[:n]); err != nil {
			return
		}
	}
}

func answer(server, client net.Conn, deaf *atomic.Bool) {
	defer client.Close()
	defer server.Close()
	packet := make([]byte, 64<<10)
	for {
		n, err := server.Read(packet)
		if err != nil || deaf.Load() {
			return
		}
		if _, err := client.Write(packet[:n]); err != nil {
			return
		}
	}
}

// A write whose answer is lost may have happened: whoever repeats it under its key gets its result, and one effect.
func TestRepetitionAfterALostAnswer(t *testing.T) {
	t.Parallel()
	cfg := mongotest.Database(t)
	_, err := mongodb.Migrate(t.Context(), cfg, schema(t))
	require.NoError(t, err)
	lossy := deafen(t, cfg.URI)
	direct := openAs(t, cfg)
	cfg.URI = "mongodb://" + lossy.listener.Addr().String() + "/?retryWrites=false"
	all := openAs(t, cfg)

	once := unit("create", "request")
	once.Messages = []message.Message{event("a", 1)}
	lossy.text.Store(new("name of the lost one"))
	_, err = all.Create(t.Context(), newThing("name of the lost one"), once)
	require.Equal(t, fault.Unavailable, fault.KindOf(err), err)
	created, err := all.Create(t.Context(), newThing("name of the lost one"), once)
	require.NoError(t, err)
	require.Equal(t, created, direct.get(t, created.ID))
	require.EqualValues(t, 1, direct.documents(t, "things"))

	lossy.text.Store(new("note of the lost one"))
	change := func(a *thing) ([]message.Message, error) {
		a.Count++
		a.Note = new("note of the lost one")
		return []message.Message{event("a", 2)}, nil
	}
	_, err = all.Update(t.Context(), created.ID, unit("change", "request"), change)
	require.Equal(t, fault.Unavailable, fault.KindOf(err), err)
	changed, err := all.Update(t.Context(), created.ID, unit("change", "request"), change)
	require.NoError(t, err)
	require.Equal(t, 1, changed.Count)

	lossy.text.Store(new("consumer/lost"))
	require.Equal(t, fault.Unavailable, fault.KindOf(all.db.Receive(t.Context(), unit("consumer/lost", ""))))
	require.NoError(t, all.db.Receive(t.Context(), unit("consumer/lost", "")))
	require.Equal(t, "a1 a2", direct.versions(t))
}

// ownServer is a server that one test may break.
type ownServer struct {
	script string
	env    []string
}

func startOwnServer(t *testing.T, backend string) *ownServer {
	t.Helper()
	script, err := filepath.Abs("../../../../../test/servers/mongo.sh")
	require.NoError(t, err)
	s := &ownServer{script: script, env: append(os.Environ(), "MONGO_BACKEND="+backend, "DATA_DIR="+t.TempDir())}
	if _, err := s.run("start"); err != nil {
		if os.Getenv("REQUIRE_REAL") == "1" {
			t.Fatal(err)
		}
		t.Skipf("no server to kill and freeze: test/servers/mongo.sh install with MONGO_BACKEND=%s", backend)
	}
	t.Cleanup(func() { s.do(t, "clean") })
	return s
}

func (s *ownServer) run(action string) (string, error) {
	command := exec.Command(s.script, action)
	command.Env = s.env
	output, err := command.Output()
	return strings.TrimSpace(string(output)), err
}

func (s *ownServer) do(t *testing.T, action string) string {
	t.Helper()
	output, err := s.run(action)
	require.NoError(t, err, action)
	return output
}

// load is what several workers saw who each incremented a counter as often as they could.
type load struct {
	succeeded atomic.Int64

	mu       sync.Mutex
	failures []error
}

func (l *load) run(ctx context.Context, all things, at thing) {
	for ctx.Err() == nil {
		_, err := all.count(context.WithoutCancel(ctx), at.ID, message.Unit{})
		if err == nil {
			l.succeeded.Add(1)
			continue
		}
		l.mu.Lock()
		l.failures = append(l.failures, err)
		l.mu.Unlock()
		time.Sleep(10 * time.Millisecond)
	}
}

func TestFaultsUnderLoad(t *testing.T) {
	t.Parallel()
	type damage struct{ fault, repair string }
	for backend, damages := range map[string][]damage{
		"ferretdb": {{"freeze", "thaw"}, {"kill", "start"}},
		// When it is killed it forgets the last second, which a database does not.
		"java": {{"freeze", "thaw"}},
	} {
		t.Run(backend, func(t *testing.T) {
			server := startOwnServer(t, backend)
			var loaded struct{ MongoDB mongodb.Config }
			require.NoError(t, config.Load(&loaded, []string{
				"MONGODB_URI=" + server.do(t, "uri"), "MONGODB_DATABASE=own", "MONGODB_SERVER_SELECTION_TIMEOUT=500ms", "MONGODB_OPERATION_TIMEOUT=1s",
			}))
			_, err := mongodb.Migrate(t.Context(), loaded.MongoDB, schema(t))
			require.NoError(t, err)
			all := openAs(t, loaded.MongoDB)
			for _, c := range damages {
				t.Run(c.fault, func(t *testing.T) { breakUnderLoad(t, server, all, c.fault, c.repair) })
			}
		})
	}
}

func breakUnderLoad(t *testing.T, server *ownServer, all things, breaking, repair string) {
	t.Helper()
	at := all.create(t, breaking)
	var seen load
	ctx, stop := context.WithCancel(t.Context())
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() { seen.run(ctx, all, at) })
	}
	time.Sleep(500 * time.Millisecond)
	server.do(t, breaking)
	time.Sleep(3 * time.Second)
	server.do(t, repair)
	require.Eventually(t, func() bool { return all.db.Check(t.Context()) == nil }, 15*time.Second, 10*time.Millisecond)
	atRepair := seen.succeeded.Load()
	require.Eventually(t, func() bool { return seen.succeeded.Load() > atRepair }, 10*time.Second, 10*time.Millisecond, "work goes on")
	stop()
	workers.Wait()

	require.NotEmpty(t, seen.failures)
	for _, err := range seen.failures {
		require.Equal(t, fault.Unavailable, fault.KindOf(err), err)
	}
	counted := int64(all.get(t, at.ID).Count)
	require.GreaterOrEqual(t, counted, seen.succeeded.Load(), "what was answered is there")
	require.LessOrEqual(t, counted, seen.succeeded.Load()+int64(len(seen.failures)), "nothing was done twice")
	t.Logf("%d succeeded, %d failed, %d were done", seen.succeeded.Load(), len(seen.failures), counted)
}
