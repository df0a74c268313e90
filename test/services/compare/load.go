package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// load sends so many requests over so many connections, which are kept.
func load(ctx context.Context, addr string, paths []string, clients, requests int) error {
	var left atomic.Int64
	left.Store(int64(requests))
	problems := make([]error, clients)
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() { problems[n] = ask(ctx, addr, paths, n, &left) })
	}
	all.Wait()
	return errors.Join(problems...)
}

// ask sends requests over one connection while some are left. It is written on a connection and not on http.Client, which
// would need as much processor time as the services.
func ask(ctx context.Context, addr string, paths []string, first int, left *atomic.Int64) (err error) {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, connection.Close()) }()
	answers := bufio.NewReader(connection)
	for at := first; left.Add(-1) >= 0 && ctx.Err() == nil; at++ {
		if _, err := fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: compare\r\nAccept: application/json\r\n\r\n", paths[at%len(paths)], addr); err != nil {
			return err
		}
		response, err := http.ReadResponse(answers, nil)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil {
			return err
		}
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("GET %s: %s", paths[at%len(paths)], response.Status)
		}
	}
	return ctx.Err()
}
