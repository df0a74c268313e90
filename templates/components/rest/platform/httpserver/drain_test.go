package httpserver_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
)

// slow adds a route that tells when it is entered and ends when it is told to, or when its context does.
func slow(f *fixture) (entered chan struct{}, leave chan struct{}) {
	entered, leave = make(chan struct{}), make(chan struct{})
	f.Router().GET("/slow", func(c *gin.Context) {
		entered <- struct{}{}
		select {
		case <-leave:
			c.String(http.StatusOK, "done")
		case <-c.Request.Context().Done():
			c.Status(http.StatusServiceUnavailable)
		}
	})
	return entered, leave
}

func TestShutdownWaitsForRequests(t *testing.T) {
	f := newFixture(t, config())
	entered, leave := slow(f)
	if err := f.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	runCtx, endRun := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(runCtx) }()
	conn := dial(t, f)
	answer := make(chan string)
	go func() { answer <- exchange(t, conn, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n") }()
	<-entered

	// The end of Run's context is no reason to break off.
	endRun()
	shutdown := make(chan error, 1)
	go func() { shutdown <- f.Shutdown(context.Background()) }()
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	if response, err := http.Get("http://" + f.Addr()); err == nil {
		response.Body.Close()
		t.Error("a new connection is accepted during the shutdown")
	}
	select {
	case err := <-shutdown:
		t.Fatalf("Shutdown returned %v while a request was in progress", err)
	case <-time.After(50 * time.Millisecond):
	}

	close(leave)
	if got := <-answer; !strings.HasPrefix(got, "HTTP/1.1 200 ") || !strings.HasSuffix(got, "done") || !strings.Contains(got, "Connection: close") {
		t.Errorf("the request in progress was answered %q", got)
	}
	if err := <-shutdown; err != nil {
		t.Errorf("Shutdown: %v", err)
	}
}

// TestShutdownAbandonsRequestsWhenItsTimeIsUp has a handler that does not read the body: net/http then does not
// notice that the connection is closed, and only the server's own context ends the handler.
func TestShutdownAbandonsRequestsWhenItsTimeIsUp(t *testing.T) {
	f := newFixture(t, config())
	entered, left := make(chan struct{}), make(chan error, 1)
	f.Router().POST("/slow", func(c *gin.Context) {
		close(entered)
		<-c.Request.Context().Done()
		left <- c.Request.Context().Err()
	})
	if err := f.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- f.Run(context.Background()) }()
	if _, err := io.WriteString(dial(t, f), "POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-entered

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := f.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Shutdown: %v, want the deadline", err)
	}
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the handler's context ended with %v, want that it was cancelled", err)
	}
}

func TestDrainSendsClientsAway(t *testing.T) {
	f := newFixture(t, config())
	f.Router().GET("/", noContent)
	start(t, f)
	before, err := http.Get("http://" + f.Addr())
	if err != nil {
		t.Fatal(err)
	}
	before.Body.Close()
	f.Drain()
	after, err := http.Get("http://" + f.Addr())
	if err != nil {
		t.Fatal(err)
	}
	after.Body.Close()
	if before.Close || !after.Close || after.StatusCode != http.StatusNoContent {
		t.Errorf("the connection closes before the drain: %v, after it: %v, status %d", before.Close, after.Close, after.StatusCode)
	}
}
