package mysqldb_test

import (
	"bytes"
	"net"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// proxy stands between a database and its server, and breaks what a network breaks.
type proxy struct {
	listener net.Listener
	target   string
	frozen   atomic.Bool
	thaw     chan struct{}
	// swallow, when set, is a statement whose answer never arrives: the connection ends instead.
	swallow atomic.Pointer[swallowed]

	accepted atomic.Int64

	mu    sync.Mutex
	conns []net.Conn
}

// swallowed is a statement and whether the server still gets to see it.
type swallowed struct {
	statement string
	delivered bool
}

func newProxy(t *testing.T, target string) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &proxy{listener: listener, target: target, thaw: make(chan struct{})}
	go p.accept()
	t.Cleanup(func() {
		_ = listener.Close()
		p.cut()
		if p.frozen.Load() {
			close(p.thaw)
		}
	})
	return p
}

func (p *proxy) addr() string { return p.listener.Addr().String() }

// cut ends all connections.
func (p *proxy) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, conn := range p.conns {
		_ = conn.Close()
	}
	p.conns = nil
}

// freeze lets nothing through, in either direction, and accepts connections like a stopped server's kernel does.
func (p *proxy) freeze() { p.frozen.Store(true) }

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.accepted.Add(1)
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, client, server)
		p.mu.Unlock()
		var deaf atomic.Bool
		go p.toServer(client, server, &deaf)
		go p.toClient(server, client, &deaf)
	}
}

// toServer forwards what a client says. After a swallowed statement the client is deaf to the answer.
func (p *proxy) toServer(client, server net.Conn, deaf *atomic.Bool) {
	defer client.Close()
	defer server.Close()
	packet := make([]byte, 64<<10)
	for {
		n, err := client.Read(packet)
		if err != nil {
			return
		}
		p.waitWhileFrozen()
		if s := p.swallow.Load(); s != nil && bytes.Contains(packet[:n], []byte(s.statement)) && p.swallow.CompareAndSwap(s, nil) {
			if !s.delivered {
				return
			}
			deaf.Store(true)
		}
		if _, err := server.Write(packet[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) toClient(server, client net.Conn, deaf *atomic.Bool) {
	defer client.Close()
	defer server.Close()
	packet := make([]byte, 64<<10)
	for {
		n, err := server.Read(packet)
		p.waitWhileFrozen()
		if err != nil || deaf.Load() {
			return
		}
		if _, err := client.Write(packet[:n]); err != nil {
			return
		}
	}
}

func (p *proxy) waitWhileFrozen() {
	if p.frozen.Load() {
		<-p.thaw
	}
}
