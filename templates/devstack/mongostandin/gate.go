package mongostandin

import (
	"context"
	"errors"
	"net"
	"net/url"
	"sync"
)

// gate makes writers take turns. FerretDB updates a document by reading it and writing it back with nothing held in
// between: of two updates at once, one would be lost. The gate stands in front of it, passes one message at a time from
// each connection on, and lets one command through at a time that writes.
//
// Turns are for the whole server, so no two writes ever meet.
type gate struct {
	listener net.Listener
	target   string
	turn     sync.Mutex
	serving  sync.WaitGroup

	mu     sync.Mutex
	open   map[net.Conn]bool
	closed bool
}

// openGate returns a gate that listens on addr, before the server of a URI.
func openGate(ctx context.Context, addr, uri string) (*gate, error) {
	target, err := url.Parse(uri)
	if err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	g := &gate{listener: listener, target: target.Host, open: map[net.Conn]bool{}}
	g.serving.Go(g.accept)
	return g, nil
}

// accept serves every connection until the listener is closed.
func (g *gate) accept() {
	for {
		client, err := g.listener.Accept()
		if err != nil {
			return
		}
		g.serving.Go(func() { g.serve(client) })
	}
}

// serve passes messages on until either side ends the connection.
func (g *gate) serve(client net.Conn) {
	defer g.forget(client)
	server, err := new(net.Dialer).DialContext(context.Background(), "tcp", g.target)
	if err != nil {
		_ = client.Close()
		return
	}
	defer g.forget(server)
	if !g.remember(client, server) {
		return
	}
	for {
		request, err := readMessage(client)
		if err != nil || g.exchange(client, server, request) != nil {
			return
		}
	}
}

// exchange passes one message on and its answer back, when its turn comes.
func (g *gate) exchange(client, server net.Conn, request message) error {
	if request.writes() {
		g.turn.Lock()
		defer g.turn.Unlock()
	}
	if _, err := server.Write(request); err != nil {
		return err
	}
	if !request.isAnswered() {
		return nil
	}
	answer, err := readMessage(server)
	if err != nil {
		return err
	}
	_, err = client.Write(corrected(request, answer))
	return err
}

// remember notes the connections, so that close ends them. It reports false when the gate is closed already.
func (g *gate) remember(connections ...net.Conn) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, each := range connections {
		g.open[each] = true
	}
	return !g.closed
}

func (g *gate) forget(connection net.Conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.open, connection)
	_ = connection.Close()
}

// close ends the listener and all connections, and returns when nothing is served any more.
func (g *gate) close() error {
	g.mu.Lock()
	g.closed = true
	problems := []error{g.listener.Close()}
	for each := range g.open {
		problems = append(problems, each.Close())
	}
	g.mu.Unlock()
	g.serving.Wait()
	return errors.Join(problems...)
}
